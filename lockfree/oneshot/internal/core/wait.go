package core

import (
	"context"

	"github.com/litesync/litesync"
	"github.com/litesync/litesync/internal/park"
	"github.com/litesync/litesync/lockfree/waker"
)

// An End is one of the two that use a channel.
type End uint8

const (
	Sender   End = iota // waits until the receiver has closed
	Receiver            // waits for the value, or for the sender to give up
)

func (e End) String() string { return [...]string{"Sender", "Receiver"}[e] }

// A kind is how an end waits.
type kind uint8

const (
	nobody  kind = iota // it does not
	polled              // a waker of the caller's is to be woken
	waiting             // a goroutine is blocked
)

// A seat is one end's place in the word while it waits. The word points to one
// of its cells, and the cell tells whether the opposite end waits too, in other;
// so the end that came last holds the one that came before.
//
//	nil -> alone                   an end starts to wait
//	alone -> the other's with…     the opposite end comes as well
//	own polled -> anything above   an end replaces its registration
//	with… -> alone, alone -> nil   a goroutine gives up waiting
//	any -> a static cell           a Send or Close moves on and wakes both
//
// Whoever moves the word on wakes each seat in the cell that was there, once,
// and nobody else wakes a seat. There are two sorts of them:
//
//   - With a bed, for a wait that cannot be given up. It is put into the word by a
//     goroutine that counts as asleep, and leaves it by the wake; then it goes
//     back to the pool.
//   - With a waker, that of Poll or of a goroutine that may give up. It is never
//     used again, so it may be woken when nobody needs that any more.
//
// All but word, refused and other is constant for as long as the memory is a
// seat, also from one use to the next.
type seat struct {
	cells [waiting + 1]cell // by with; cells[nobody] is alone
	end   End
	kind  kind
	waker waker.Waker

	bed     park.Bed // if there is no waker
	word    *Word    // the sleeper's: where fall is to put it
	refused bool     // the sleeper's: fall has met another goroutine at this end

	// other is the seat of the opposite end below this one, valid while a cell
	// with… is in the word and until this seat is woken after that. Its owner
	// sets it before it publishes such a cell.
	other litesync.Pointer[seat]
}

// newSeat returns a seat with a waker, or with a bed if wk is nil.
func newSeat(e End, k kind, wk waker.Waker) *seat {
	s := &seat{end: e}
	if litesync.Hooks {
		litesync.WillWrite(&s.kind)
		litesync.WillWrite(&s.waker)
	}
	s.kind, s.waker = k, wk
	for k := range s.cells {
		s.cells[k] = cell{seat: s, with: kind(k)}
	}
	if wk == nil {
		s.bed.Init(s.fall)
	}
	return s
}

// over returns the cell that adds s to from, which is empty, in place of an
// earlier registration of the same end, and the seat of the opposite end that
// is in it too, or nil. The cell is nil if a goroutine already waits at the end
// of s.
func (s *seat) over(from *cell) (to *cell, below *seat) {
	if from == nil {
		return &s.cells[nobody], nil
	}
	if litesync.Hooks {
		litesync.WillRead(&from.seat.kind)
	}
	below, with := from.seat, from.seat.kind
	if below.end == s.end {
		if with == waiting {
			return nil, nil
		}
		// ORDERING: relaxed; this end stored it. If it was cut off since (see sit),
		// from is no longer in the word.
		below, with = below.other.LoadRelaxed(), from.with
	} else if from.with == waiting {
		return nil, nil
	}
	if with == nobody {
		return &s.cells[nobody], nil
	}
	// ORDERING: relaxed; the compare-and-swap in sit publishes it.
	s.other.StoreRelaxed(below)
	return &s.cells[with], below
}

// without returns what remains of from, in which s waits, when s leaves.
func (s *seat) without(from *cell) *cell {
	switch {
	case from.seat != s:
		return &from.seat.cells[nobody]
	case from.with != nobody:
		// ORDERING: relaxed; this end stored it.
		return &s.other.LoadRelaxed().cells[nobody]
	}
	return nil
}

// wake wakes everybody who waited in c, after the caller has moved the word on
// from c.
func (c *cell) wake() {
	if c.with != nobody {
		// ORDERING: relaxed; the compare-and-swap that found c in the word follows
		// the one that published it, and c.seat is not used again before its wake.
		defer c.seat.other.LoadRelaxed().wake() // even if the first one's waker panics
	}
	c.seat.wake()
}

func (s *seat) wake() {
	if litesync.Hooks {
		litesync.WillRead(&s.waker)
	}
	if s.waker != nil {
		s.waker.Wake()
	} else {
		s.bed.Wake()
	}
}

// MustContext panics if ctx is nil; op is what the message begins with.
func MustContext(ctx context.Context, op string) {
	if ctx == nil {
		panic(op + ": ctx is nil")
	}
}

// Wait sleeps at end e until the channel is not empty, and returns nil, or until
// ctx is done, and returns its cause. It panics if another goroutine waits at
// that end; op is what the message begins with.
func (w *Word) Wait(e End, ctx context.Context, op string) error {
	if ctx.Done() != nil {
		return w.waitContext(e, ctx, op)
	}
	s := seats[e].Get()
	if s == nil {
		s = newSeat(e, waiting, nil)
	}
	s.word = w
	s.bed.Sleep() // The deepest of few calls; see park.Pass.
	refused := s.refused
	s.word, s.refused = nil, false
	// ORDERING: relaxed; nobody else looks at it any more.
	if s.other.LoadRelaxed() != nil {
		s.other.StoreRelaxed(nil)
	}
	seats[e].Put(s)
	if refused {
		panicWaiting(e, op)
	}
	return nil
}

// WaitClosed waits until the receiver has closed, and then returns nil, or the
// error of CanWait if the sender is done, or the cause when ctx is done. The
// sender alone may call it. It panics as Wait does, and if ctx is nil.
func (w *Word) WaitClosed(ctx context.Context, op string) error {
	MustContext(ctx, op)
	err := w.CanWait()
	if err == ErrEmpty {
		if err = w.Wait(Sender, ctx, op); err == nil {
			err = w.CanWait()
		}
	}
	return err
}

// Patience is that of all who receive.
var Patience park.Patience

// Spin looks for a while whether the channel is not empty, if that may pay, and
// reports whether it is not.
func (w *Word) Spin() bool { return Patience.Spin(func() bool { return !w.Empty() }) }

// seats are those with a bed that nobody sleeps in, of each end.
var seats [2]park.Pool[seat]

// fall is the step by which who goes to bed in s can be found there.
func (s *seat) fall() bool {
	in, refused := s.word.sit(s)
	if refused { // Not if in: s may have been woken, and be somebody else's.
		s.refused = true
	}
	return in
}

// waitContext is Wait with a context that may be done.
func (w *Word) waitContext(e End, ctx context.Context, op string) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	var p waker.Parker
	s := newSeat(e, waiting, &p)
	in, refused := w.sit(s)
	if refused {
		panicWaiting(e, op)
	}
	if in {
		if err := p.ParkContext(ctx); err != nil && w.stand(s) {
			return err
		}
	}
	return nil
}

func panicWaiting(e End, op string) {
	panic(op + ": another goroutine is waiting on this " + e.String())
}

// Poll registers wk for end e, in place of an earlier registration of that end,
// and returns true; wk is woken when the channel is no longer empty. It returns
// false if it is not empty. It panics if wk is nil, or if a goroutine waits at
// that end; op is what the message begins with.
func (w *Word) Poll(e End, wk waker.Waker, op string) bool {
	if wk == nil {
		panic(op + ": w is nil")
	}
	if w.load().state() != empty {
		return false
	}
	in, refused := w.sit(newSeat(e, polled, wk))
	if refused {
		panicWaiting(e, op)
	}
	return in
}

// sit puts s into the word and returns in. It does not if the channel is not
// empty, or if another goroutine waits at that end: refused.
func (w *Word) sit(s *seat) (in, refused bool) {
	for {
		from := w.load()
		if from.state() != empty {
			return false, false
		}
		to, below := s.over(from)
		if to == nil {
			return false, true
		}
		// ORDERING: release, with load at the other end, for the seat; acquire is
		// in load. What from holds is in to as well, so nobody is to be woken.
		if w.p.CompareAndSwap(from, to) {
			if to.with == polled {
				// What s replaces may be known there, and must not live as long.
				// ORDERING: relaxed; only who finds from in the word needs it.
				below.other.StoreRelaxed(nil)
			}
			return true, false
		}
	}
}

// stand takes s out of the word. It reports false if the channel is no longer
// empty.
func (w *Word) stand(s *seat) bool {
	for {
		from := w.load()
		if from.state() != empty {
			return false
		}
		// ORDERING: release, for what remains; see sit.
		if w.p.CompareAndSwap(from, s.without(from)) {
			return true
		}
	}
}
