//go:build linux && !purego && !model

package wakefd

import (
	"encoding/binary"
	"os"
	"syscall"
)

// fd is an eventfd.
type fd int

func (f *fd) open() error {
	// The flags of eventfd are those of open.
	n, _, e := syscall.Syscall(syscall.SYS_EVENTFD2, 0, syscall.O_CLOEXEC|syscall.O_NONBLOCK, 0)
	if e != 0 {
		return os.NewSyscallError("eventfd2", e)
	}
	*f = fd(n)
	return nil
}

func (f *fd) number() int { return int(*f) }

func (f *fd) write() {
	var one [8]byte
	binary.NativeEndian.PutUint64(one[:], 1)
	for {
		if _, err := syscall.Write(int(*f), one[:]); err != syscall.EINTR {
			return
		}
	}
}

func (f *fd) read() {
	var count [8]byte
	for {
		if _, err := syscall.Read(int(*f), count[:]); err != syscall.EINTR {
			return
		}
	}
}

func (f *fd) close() { syscall.Close(int(*f)) }
