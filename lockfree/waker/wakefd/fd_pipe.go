//go:build unix && (!linux || purego) && !model

package wakefd

import (
	"os"
	"syscall"
)

// fd is a pipe, of which it holds both ends.
type fd struct{ r, w int }

func (f *fd) open() error {
	var p [2]int
	syscall.ForkLock.RLock()
	err := syscall.Pipe(p[:])
	if err == nil {
		syscall.CloseOnExec(p[0])
		syscall.CloseOnExec(p[1])
	}
	syscall.ForkLock.RUnlock()
	if err != nil {
		return os.NewSyscallError("pipe", err)
	}
	f.r, f.w = p[0], p[1]
	for _, end := range p {
		if err := syscall.SetNonblock(end, true); err != nil {
			f.close()
			return os.NewSyscallError("fcntl", err)
		}
	}
	return nil
}

func (f *fd) number() int { return f.r }

// write may find the pipe full: then it is readable.
func (f *fd) write() {
	for {
		if _, err := syscall.Write(f.w, []byte{0}); err != syscall.EINTR {
			return
		}
	}
}

func (f *fd) read() {
	var buf [64]byte
	for {
		if _, err := syscall.Read(f.r, buf[:]); err != syscall.EINTR {
			return
		}
	}
}

func (f *fd) close() {
	syscall.Close(f.r)
	syscall.Close(f.w)
}
