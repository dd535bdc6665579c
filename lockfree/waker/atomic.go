package waker

import "github.com/litesync/litesync"

// The states of an Atomic. The two bits are independent; who sets one where
// neither was set has the cell to itself.
const (
	// idle: the cell is free to be taken by whoever sets one of the bits.
	idle = 0
	// registering: the registrant has the cell. Only it moves on, to idle.
	registering = 1 << 0
	// waking, alone: a waker has the cell, and moves on to idle. With
	// registering: wakers came while the registrant had the cell, and it wakes
	// in their place.
	waking = 1 << 1
)

// Atomic is a cell for one Waker: one goroutine at a time registers, any number
// wake. The zero value is ready and empty. It must not be copied.
//
// Who registers looks afterwards at what is waited for, and who wakes changes
// it before; then either the one sees the change, or the other wakes the Waker.
// No fence is needed in between: what was done before a Wake that did not wake
// the Waker happened before Register returned.
//
// No method blocks or allocates. All are wait-free, but for the Waker that they
// may call; it is called when the cell has been given back, so it may use it,
// and if it panics the cell is empty and usable.
//
// The protocol is that of AtomicWaker in the Rust crates futures and tokio,
// by Carl Lerche, without its silent loss of concurrent registrations.
type Atomic struct {
	state litesync.Uint32
	w     Waker // belongs to who has set one of the bits
}

// Register leaves w to be woken, once, in place of what was registered before.
// A Wake at the same time wakes w, if need be from within Register.
//
// A nil w panics, and so does a Register while another goroutine is in
// Register; w is then not registered.
func (a *Atomic) Register(w Waker) {
	if w == nil {
		panic("waker: Atomic.Register: w is nil")
	}
	// ORDERING: acquires the cell; pairs with the swaps that give it back, and
	// through them with the Or of every waker that came before.
	if !a.state.CompareAndSwap(idle, registering) {
		// ORDERING: relaxed; the compare-and-swap that failed has acquired from the
		// Or of the waker that is in the way.
		if a.state.LoadRelaxed()&registering != 0 {
			panic("waker: Atomic.Register: two goroutines register at once")
		}
		// A waker takes what was there before, and one that comes later may not
		// find w: so let w look at once.
		w.Wake()
		return
	}
	if litesync.Hooks {
		litesync.WillWrite(&a.w)
	}
	a.w = w
	// ORDERING: gives the cell back to whoever takes it next, in take or here.
	if a.state.CompareAndSwap(registering, idle) {
		return
	}
	// Wakers came. The one that is to be woken is w.
	if litesync.Hooks {
		litesync.WillWrite(&a.w)
	}
	a.w = nil
	// ORDERING: a swap, so that it acquires from the wakers that came and
	// releases to whoever takes the cell next.
	a.state.Swap(idle)
	w.Wake()
}

// Take empties the cell and returns the Waker that was in it, nil if none was.
// If it finds the registrant at work, that one wakes its Waker itself, and Take
// returns nil.
func (a *Atomic) Take() Waker {
	w, _ := a.take()
	return w
}

// Wake wakes the Waker that is registered, which it takes out, and reports
// whether there was one.
func (a *Atomic) Wake() bool {
	w, found := a.take()
	if w != nil {
		w.Wake()
	}
	return found
}

// take is Take; found includes a Waker that its registrant will wake, because
// of this call.
func (a *Atomic) take() (w Waker, found bool) {
	// ORDERING: acquires the cell, if it was idle; in any case releases what
	// the caller did before to the registrant. Pairs with the
	// read-modify-writes in Register.
	if s := a.state.Or(waking); s != idle {
		return nil, s == registering
	}
	if litesync.Hooks {
		litesync.WillWrite(&a.w)
	}
	w, a.w = a.w, nil
	// ORDERING: a swap, not a store: what wakers that came in vain released
	// with their Or stays released to the next registrant.
	a.state.Swap(idle)
	return w, w != nil
}
