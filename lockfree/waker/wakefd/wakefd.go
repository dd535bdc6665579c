//go:build unix || model

// Package wakefd has a Waker that makes a file descriptor readable, so that a
// channel can be one more source in somebody's epoll, kqueue or poll loop. The
// descriptor is an eventfd on Linux, and a pipe on other Unix systems and with the
// purego tag. Elsewhere, on Windows above all, where an event loop waits for no
// descriptors, the package does not build.
package wakefd

import (
	"github.com/litesync/litesync"
	"github.com/litesync/litesync/internal/misuse"
)

// FD is a descriptor and the Waker that makes it readable. Get one from New; it
// must not be copied.
//
// Any goroutine may call Wake, at any time. The other methods belong to the
// goroutine that polls; another may take over after a happens-before hand-off.
// To serve a channel:
//
//	for receiver.Poll(d) != spsc.ErrEmpty {
//		receive, and stop when closed
//	}
//	wait until d.FD() or another descriptor is readable
//	if it is d.FD(), d.Clear() and start over
//
// Clear comes before the look at the channel, or a wake in between is lost.
type FD struct {
	_ noCopy
	// state is in the states below.
	state litesync.Uint32
	fd    fd
	done  bool // Close was called; for the goroutine that polls alone
}

// The parts of FD.state.
const (
	// signalled: the descriptor is readable, or one who sets it is about to make
	// it so. Wake sets it, Clear takes it back.
	signalled = 1 << 0
	// closed: nobody begins to write any more. Close sets it, for good.
	closed = 1 << 1
	// writer: how many are about to write, in the other bits. Who has set signalled
	// counts itself in, writes and counts itself out. With closed set and none
	// left, the last of them, or Close, closes the descriptor.
	writer = 1 << 2
)

// noCopy makes go vet report copies.
type noCopy struct{}

func (*noCopy) Lock()   {}
func (*noCopy) Unlock() {}

// New returns an FD that is not readable. It fails if the process or the system
// has no descriptors left.
func New() (*FD, error) {
	d := new(FD)
	return d, d.fd.open()
}

// FD returns the descriptor, to wait until it is readable and for nothing else.
// It is non-blocking and not inherited by other programs. After Close there is
// none, and FD returns -1.
func (d *FD) FD() int {
	if d.done {
		return -1
	}
	return d.fd.number()
}

// Wake makes the descriptor readable. Unless it is readable already that takes a
// system call. After Close it does nothing. It does not block and is lock-free.
func (d *FD) Wake() {
	for {
		// ORDERING: relaxed; the compare-and-swap decides.
		s := d.state.LoadRelaxed()
		to := s
		if s&(signalled|closed) == 0 {
			to = (s | signalled) + writer
		}
		// ORDERING: a read-modify-write even if nothing changes, so that who clears
		// sees what each waker did before. Pairs with the And in Clear.
		if !d.state.CompareAndSwap(s, to) {
			continue
		}
		if to != s {
			d.fd.write()
			// ORDERING: behind the write; pairs with the Or in Close: who closes the
			// descriptor comes after all who write.
			d.closeAfter(d.state.Add(^uint32(writer - 1)))
		}
		return
	}
}

// Clear makes the descriptor not readable, until the next Wake. What was done
// before the wakes that it clears happened before it returns. It takes a system
// call. After Close it does nothing.
func (d *FD) Clear() {
	if misuse.On {
		defer misuse.Enter(d, "wakefd: FD.Clear")()
	}
	if d.done {
		return // The number may belong to somebody else by now.
	}
	d.fd.read()
	// ORDERING: behind the read: a Wake in between has not written, but who clears
	// looks afterwards, and sees what came before that Wake. The other way around
	// the read could take the signal of a Wake in between, and no later one would
	// write. Pairs with the compare-and-swap in Wake.
	d.state.And(^uint32(signalled))
}

// Close closes the descriptor, as soon as no Wake is writing to it. Close is
// idempotent.
func (d *FD) Close() {
	if misuse.On {
		defer misuse.Enter(d, "wakefd: FD.Close")()
	}
	if d.done {
		return
	}
	d.done = true
	// ORDERING: pairs with the compare-and-swap and the Add in Wake.
	d.closeAfter(d.state.Or(closed) | closed)
}

// closeAfter closes the descriptor if that is up to the one who moved the state
// to s.
func (d *FD) closeAfter(s uint32) {
	if s&closed != 0 && s < writer {
		d.fd.close()
	}
}
