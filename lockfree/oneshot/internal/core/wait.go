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
	nobody kind = iota // it does not
	polled             // a waker of the caller's is to be woken
	parked             // a goroutine sleeps
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
// and nobody else wakes a seat. So a goroutine that waits either takes its seat
// out of the word, or stays in it until that one wake has come; the seat is
// clean then, and goes back to its pool. A seat with a waker is never used again.
//
// All but other is constant for as long as the memory is a seat, also from one
// use to the next, so whoever finds a cell in the word can read its seat. That a
// seat leaves the word and comes back between a load and a compare-and-swap does
// no harm: what replaces a cell depends on constants only, or is known to the
// goroutine that owns the seat.
type seat struct {
	cells  [parked + 1]cell // by with; cells[nobody] is alone
	end    End
	waker  waker.Waker // of a polled seat
	parker park.Parker // of one whose goroutine is parked
	// other is the seat of the opposite end below this one, valid while a cell
	// with… is in the word and until this seat is woken after that. Its owner
	// sets it before it publishes such a cell.
	other litesync.Pointer[seat]
}

func newSeat(e End, wk waker.Waker) *seat {
	s := &seat{end: e}
	if litesync.Hooks {
		litesync.WillWrite(&s.waker)
	}
	s.waker = wk
	for k := range s.cells {
		s.cells[k] = cell{seat: s, with: kind(k)}
	}
	return s
}

func (s *seat) kind() kind {
	if litesync.Hooks {
		litesync.WillRead(&s.waker)
	}
	if s.waker != nil {
		return polled
	}
	return parked
}

// over returns the cell that adds s to from, which is empty, in place of an
// earlier registration of the same end, and the seat of the opposite end that
// is in it too, or nil. The cell is nil if a goroutine already sleeps at the end
// of s.
func (s *seat) over(from *cell) (to *cell, below *seat) {
	if from == nil {
		return &s.cells[nobody], nil
	}
	below, with := from.seat, from.seat.kind()
	if below.end == s.end {
		if with == parked {
			return nil, nil
		}
		// ORDERING: relaxed; this end stored it. If it was cut off since (see sit),
		// from is no longer in the word.
		below, with = below.other.LoadRelaxed(), from.with
	} else if from.with == parked {
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
	if s.kind() == polled {
		s.waker.Wake()
	} else {
		s.parker.Wake()
	}
}

// MustContext panics if ctx is nil; op is what the message begins with.
func MustContext(ctx context.Context, op string) {
	if ctx == nil {
		panic(op + ": ctx is nil")
	}
}

// Wait waits at end e until the channel is not empty, and returns nil, or until
// ctx is done, and returns its cause. It panics if another goroutine waits at
// that end; op is what the message begins with.
func (w *Word) Wait(e End, ctx context.Context, op string) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	// Whoever is to end the wait often does so before long, and sooner if it gets
	// this thread: then it need not wake anybody.
	park.Yield()
	if w.load().state() != empty {
		return nil
	}
	s := seats[e].Get()
	if s == nil {
		s = newSeat(e, nil)
	}
	var err error
	if w.sit(s, op) {
		err = w.sleep(s, ctx, op)
	}
	s.free()
	return err
}

// sleep sleeps in s, which is in the word, until woken or until ctx is done; s
// has left the word then.
func (w *Word) sleep(s *seat, ctx context.Context, op string) error {
	err := s.parker.ParkContext(op, ctx)
	if err != nil && !w.stand(s) {
		err = nil
		s.parker.Park(op)
	}
	return err
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
	return w.sit(newSeat(e, wk), op)
}

// sit puts s into the word. It reports false if the channel is not empty, and
// panics if another goroutine sleeps at that end.
func (w *Word) sit(s *seat, op string) bool {
	for {
		from := w.load()
		if from.state() != empty {
			return false
		}
		to, below := s.over(from)
		if to == nil {
			panic(op + ": another goroutine is waiting on this " + s.end.String())
		}
		// ORDERING: release, with load at the other end, for the seat; acquire is
		// in load. What from holds is in to as well, so nobody is to be woken.
		if w.p.CompareAndSwap(from, to) {
			if to.with == polled {
				// What s replaces may be known there, and must not live as long.
				// ORDERING: relaxed; only who finds from in the word needs it.
				below.other.StoreRelaxed(nil)
			}
			return true
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

// seats are the pooled ones of each end.
var seats [2]park.Pool[seat]

// free gives a pooled seat back.
func (s *seat) free() {
	// ORDERING: relaxed; nobody else looks at it any more.
	if s.other.LoadRelaxed() != nil {
		s.other.StoreRelaxed(nil)
	}
	seats[s.end].Put(s)
}
