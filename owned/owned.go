// Package owned closes ends that were dropped. In Rust a channel closes when one
// of its ends goes out of scope; in Go an end that is forgotten without Close
// leaves the other one waiting for good. An End is a handle that owns an end, of
// any package here or elsewhere, and closes it when nobody can reach the handle
// any more.
//
// It costs an allocation per handle, work for the garbage collector, and a call
// per use, and nothing to those who do not use it. It closes as late as the
// collector finds out: it is a net below a forgotten Close, not a replacement.
//
// # What it cannot see
//
//   - An end that is used past its handle: kept from Do, or from before New. It is
//     closed under the hands of whoever uses it.
//   - A handle that can be reached but is never used again: in a global, in the
//     stack of a goroutine that waits for something else, or captured by one.
//   - A handle that is reached from its own end: as, or from, a value in the
//     channel, or by a Waker that is registered with the end. It is never
//     collected, because the end is alive until it has been closed.
//   - The end of the program: nothing is closed then.
package owned

import "runtime"

// Closer is an end.
type Closer interface{ Close() }

// End owns an end. Get one from New; share the pointer, do not copy what it
// points to. One goroutine at a time may use it, as it is with the end.
type End[E Closer] struct {
	_       noCopy
	end     E
	cleanup runtime.Cleanup
}

// noCopy makes go vet report copies.
type noCopy struct{}

func (*noCopy) Lock()   {}
func (*noCopy) Unlock() {}

// New returns a handle that owns end, which from then on is used through the
// handle alone. What was done in Do happens before end is closed, which a
// goroutine of the runtime does.
func New[E Closer](end E) *End[E] {
	o := &End[E]{end: end}
	o.cleanup = runtime.AddCleanup(o, E.Close, end)
	return o
}

// Do calls f with the end. While it runs the handle is not given up, though
// nobody may need it any more afterwards: so a receive that waits in f is safe.
func (o *End[E]) Do(f func(end E)) {
	defer runtime.KeepAlive(o)
	f(o.end)
}

// Close closes the end now.
func (o *End[E]) Close() {
	o.cleanup.Stop()
	o.end.Close()
	runtime.KeepAlive(o)
}
