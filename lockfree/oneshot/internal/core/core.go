// Package core is the protocol that oneshot and lite share: one word that a
// sender and a receiver move through the states of a one-shot channel, and in
// which both of them may wait. states.go has the states, core.go the steps from
// one to another, wait.go how an end waits.
package core

import "github.com/litesync/litesync"

// Word is the state of a channel. The zero value is empty.
type Word struct {
	// Pairs of releasing and acquiring accesses: whoever moves the word makes
	// what it did before visible to whoever sees the new state. Everything
	// is decided in this one word, so nothing needs a fence.
	p litesync.Pointer[cell]
}

// state returns the state that c stands for.
func (c *cell) state() state {
	if c == nil {
		return empty
	}
	return c.is
}

// waiting reports whether somebody waits in c.
func (c *cell) waiting() bool { return c != nil && c.seat != nil }

func (w *Word) load() *cell {
	// ORDERING: acquire, with the move to the state that is seen: the value of
	// a Send, what an end did before its Close, the seat of one that waits.
	return w.p.LoadAcquire()
}

// move replaces from, and wakes who waited there. It reports false if the word
// was no longer from.
func (w *Word) move(from, to *cell) bool {
	// ORDERING: release, with load at the other end; acquire, for the seat in from.
	if !w.p.CompareAndSwap(from, to) {
		return false
	}
	if from.waiting() {
		from.wake()
	}
	return true
}

// end is the last step of the sender, from empty to a state of its own. It
// reports false if the channel was not empty.
func (w *Word) end(s state, value byte) bool {
	to := cellOf(s, value)
	for {
		from := w.load()
		if from.state() != empty {
			return false
		}
		if w.move(from, to) {
			return true
		}
	}
}

// CanSend returns nil while Send may succeed, else the error it would return.
// The sender alone may call it.
func (w *Word) CanSend() error { return states[w.load().state()].send }

// SendFirst is Send on a channel that nobody has touched, and is inlined. It
// reports false and does nothing if somebody has. The sender alone may call it.
func (w *Word) SendFirst(value byte) bool {
	// ORDERING: relaxed; only a hint. Then release, with load in Sent and Take, for
	// what the sender did before.
	return w.p.LoadRelaxed() == nil && w.p.CompareAndSwapStatic(nil, &valued[0][value])
}

// Send sends value. The sender alone may call it.
func (w *Word) Send(value byte) error {
	if w.end(sent, value) {
		return nil
	}
	return w.CanSend()
}

// CloseSend gives up sending. The sender alone may call it.
func (w *Word) CloseSend() { w.end(gone, 0) }

// CanWait returns ErrEmpty while the sender can wait for the receiver's Close,
// else what it gets from waiting: nil if the receiver has closed. Anybody may
// call it.
func (w *Word) CanWait() error { return states[w.load().state()].waited }

// CanTake returns nil if there is a value, else the error of a receive. The
// receiver alone may call it.
func (w *Word) CanTake() error { return states[w.load().state()].recv }

// Sent, and Leave(Taken) after it has reported true, are Take for the state sent
// alone, and are inlined. The receiver alone may call them.
func (w *Word) Sent() (value byte, ok bool) {
	if c := w.load(); c != nil && c.is == sent {
		return c.value, true
	}
	return 0, false
}

// Leave leaves a state with a value, which the receiver alone does: so it needs no
// compare-and-swap.
func (w *Word) Leave(to state) {
	// ORDERING: release, with load in CanWait: what the receiver did before its
	// Close, if that came first.
	w.p.StoreReleaseStatic(&valueless[to])
}

// Empty reports whether a receive would wait. It is inlined.
func (w *Word) Empty() bool { return w.load().state() == empty }

// Take takes the value if there is one, else returns the error of a receive. The
// receiver alone may call it. What lies beside the word is its own afterwards.
func (w *Word) Take() (byte, error) {
	from := w.load()
	at := &states[from.state()]
	if at.recv != nil {
		return 0, at.recv
	}
	w.Leave(at.take)
	return from.value, nil
}

// CloseRecv closes the receiving end. The receiver alone may call it.
func (w *Word) CloseRecv() {
	for {
		from := w.load()
		to := states[from.state()].close
		if to == from.state() {
			return
		}
		var value byte
		if from != nil {
			value = from.value
		}
		if w.move(from, cellOf(to, value)) {
			return
		}
	}
}

// Reset empties the word again. Nobody else may use it at the same time.
func (w *Word) Reset() { w.p.Reset() }
