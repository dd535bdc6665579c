//go:build model

package wakefd

import "github.com/litesync/litesync"

// fd is a descriptor in a model. Nothing is expected of the system but that there
// is one order of all writes and reads of one descriptor.
type fd struct {
	ready  litesync.Uint32
	closed bool // a payload: whoever closes comes after all that is done with it
}

func (f *fd) open() error { return nil }

func (f *fd) number() int { return 0 }

func (f *fd) write() {
	f.use()
	f.ready.StoreRelaxed(1)
}

func (f *fd) read() {
	f.use()
	f.ready.StoreRelaxed(0)
}

func (f *fd) use() {
	litesync.WillRead(&f.closed)
	if f.closed {
		panic("used after it was closed")
	}
}

func (f *fd) close() {
	litesync.WillWrite(&f.closed)
	if f.closed {
		panic("closed twice")
	}
	f.closed = true
}

// Readable reports whether FD is readable, and stands for all ways to wait for
// that.
func (d *FD) Readable() bool { return d.fd.ready.LoadRelaxed() != 0 }

// Released reports whether the descriptor is closed, when nobody uses it.
func (d *FD) Released() bool {
	litesync.WillRead(&d.fd.closed)
	return d.fd.closed
}
