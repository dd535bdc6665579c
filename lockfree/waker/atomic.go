package waker

import (
	"unsafe"

	"github.com/litesync/litesync"
)

// Atomic is a cell for one Waker: one goroutine at a time registers, any number
// wake. The zero value is ready and empty. It must not be copied.
//
// Who registers looks afterwards at what is waited for, and who wakes changes
// it before; then either the one sees the change, or the other wakes the Waker.
// No fence is needed in between: each of Register, Take and Wake is one exchange
// of the cell's content, and what was done before one happened before those
// that come after it return. So a Wake either comes after a Register, and finds
// its Waker, or before.
//
// No method blocks, and all are wait-free, but for the Waker that Wake calls; it
// may use the cell, and if it panics the cell is empty and usable. Register
// allocates 16 bytes if w is not the Waker of the last Register. The cell keeps
// that one reachable until another takes its place.
type Atomic struct {
	// cell is what is registered, 8 bytes, or nil. Register, Take and Wake move
	// it from anything to what they leave there.
	cell litesync.Pointer[registration]
	// last is what was registered last, 8 bytes: to be used again if it is the
	// same Waker, which it mostly is, and to know a concurrent Register by.
	last litesync.Pointer[registration]
}

// registration is a Waker that a cell can point to. It never changes: one that
// has taken it out may read it for as long as it likes.
type registration struct{ w Waker }

// Register leaves w to be woken, once, in place of what was registered before.
//
// A nil w panics, and so does a Register that meets another one at work; w is
// then not registered, and the other Waker is.
func (a *Atomic) Register(w Waker) {
	if w == nil {
		panic("waker: Atomic.Register: w is nil")
	}
	// ORDERING: acquire, for the Waker in it; pairs with the release store below.
	last := a.last.LoadAcquire()
	r := last
	if last == nil || !last.has(w) {
		r = newRegistration(w)
	}
	// ORDERING: releases the Waker to the Swap that takes it; acquires from every
	// Take and Wake before.
	old := a.cell.Swap(r)
	if old != nil && old != last {
		a.refuse(r, old)
	}
	if r != last {
		// ORDERING: release; pairs with the acquire load above.
		a.last.StoreRelease(r)
	}
}

// refuse undoes what a Register has done that has put r in place of the old one
// of another Register. That was not there when this one began, so both have
// been at work at once.
func (a *Atomic) refuse(r, old *registration) {
	// ORDERING: as in Register.
	if !a.cell.CompareAndSwap(r, old) {
		// A Wake has taken r instead.
		litesync.WillRead(&old.w)
		old.w.Wake()
	}
	panic("waker: Atomic.Register: two goroutines register at once")
}

// Take empties the cell and returns the Waker that was in it, nil if none was.
func (a *Atomic) Take() Waker {
	// ORDERING: acquires the Waker from Register, and releases what the caller
	// did before to the next one; so it is a swap even if the cell is empty.
	r := a.cell.Swap(nil)
	if r == nil {
		return nil
	}
	litesync.WillRead(&r.w)
	return r.w
}

// Wake wakes the Waker that is registered, which it takes out, and reports
// whether there was one.
func (a *Atomic) Wake() bool {
	w := a.Take()
	if w == nil {
		return false
	}
	w.Wake()
	return true
}

func newRegistration(w Waker) *registration {
	r := new(registration)
	litesync.WillWrite(&r.w)
	r.w = w
	return r
}

// has reports whether w is the Waker in r, in the same representation. An
// ordinary comparison of two interfaces panics if they hold a Func.
func (r *registration) has(w Waker) bool {
	litesync.WillRead(&r.w)
	type words = [2]unsafe.Pointer
	return *(*words)(unsafe.Pointer(&r.w)) == *(*words)(unsafe.Pointer(&w))
}
