package spsc

import (
	"context"
	"fmt"

	"github.com/litesync/litesync/internal/misuse"
	"github.com/litesync/litesync/internal/park"
	"github.com/litesync/litesync/lockfree/waker"
)

// Send sends v, and waits for room. It returns nil or ErrClosed.
func (s *Sender[T]) Send(v T) error {
	if misuse.On {
		defer misuse.Enter(s, "spsc: Sender.Send")()
	}
	if !s.items.isOpen() {
		return ErrClosed
	}
	if s.p.Put(v) { // Needs v no more, which so need not be kept for later.
		if s.items.isCalm() { // Spares the call.
			return nil
		}
		return s.sent()
	}
	if s.room.strategy != Park { // No loop here: each value would take a third longer.
		return s.SendContext(context.Background(), s.p.Withdraw())
	}
	s.p.Offer() // See wait.go. It stands here because of the returns, as in Recv.
	if !s.items.isCalm() {
		s.items.signal(s.p.Pos())
	}
	start, may := s.room.parker.MayPass()
	if may {
		park.Pass()
	}
	if !may || !s.room.parker.Passed(start, s.hasRoom()) {
		s.room.parker.Wait("spsc", s.hasRoom, s.surelyHasRoom)
	}
	err := s.verdict()
	if err == nil {
		s.p.Settle()
	} else {
		s.p.Withdraw()
	}
	return err
}

// SendContext is Send that gives up, with context.Cause, when ctx is done and
// there is no room. It panics if ctx is nil.
func (s *Sender[T]) SendContext(ctx context.Context, v T) error {
	if misuse.On {
		defer misuse.Enter(s, "spsc: Sender.SendContext")()
	}
	mustContext("Sender.SendContext", ctx)
	for {
		if err := s.TrySend(v); err != ErrFull {
			return err
		}
		if err := s.wait(ctx, s.room.strategy, &s.room, s.hasRoom, s.surelyHasRoom); err != nil {
			return err
		}
	}
}

// TrySend sends v if there is room. It returns nil, ErrFull or ErrClosed.
func (s *Sender[T]) TrySend(v T) error {
	if misuse.On {
		defer misuse.Enter(s, "spsc: Sender.TrySend")()
	}
	if !s.items.isOpen() {
		return ErrClosed
	}
	if !s.p.Push(v) {
		return ErrFull
	}
	return s.sent()
}

// SendSlice sends all of vs in order, and waits for room. It returns how many
// were accepted: the first n, and n < len(vs) only with ErrClosed.
func (s *Sender[T]) SendSlice(vs []T) (int, error) {
	if misuse.On {
		defer misuse.Enter(s, "spsc: Sender.SendSlice")()
	}
	return s.sendSlice(context.Background(), vs)
}

// SendSliceContext is SendSlice that gives up, with context.Cause, when ctx is
// done and there is no room. It panics if ctx is nil.
func (s *Sender[T]) SendSliceContext(ctx context.Context, vs []T) (int, error) {
	if misuse.On {
		defer misuse.Enter(s, "spsc: Sender.SendSliceContext")()
	}
	mustContext("Sender.SendSliceContext", ctx)
	return s.sendSlice(ctx, vs)
}

func (s *Sender[T]) sendSlice(ctx context.Context, vs []T) (n int, err error) {
	for {
		k, err := s.TrySendSlice(vs[n:])
		n += k
		if err != ErrFull {
			return n, err
		}
		if err := s.wait(ctx, s.room.strategy, &s.room, s.hasRoom, s.surelyHasRoom); err != nil {
			return n, err
		}
	}
}

// TrySendSlice sends as many of vs as there is room for, from the first on, and
// returns how many were accepted: n < len(vs) only with ErrFull or ErrClosed.
func (s *Sender[T]) TrySendSlice(vs []T) (int, error) {
	if misuse.On {
		defer misuse.Enter(s, "spsc: Sender.TrySendSlice")()
	}
	if len(vs) == 0 {
		return 0, nil
	}
	if !s.items.isOpen() {
		return 0, ErrClosed
	}
	n := s.p.PushSlice(vs)
	if n > 0 {
		if err := s.sent(); err != nil {
			return 0, err
		}
	}
	if n < len(vs) {
		return n, ErrFull
	}
	return n, nil
}

// Reserve returns up to n free slots in the order in which they will be
// received, in two parts because they may wrap around; none if the channel is
// closed. Nothing is visible to the receiver before Commit. What the slots hold
// is unspecified. Reserve again without Commit starts over at the same slots;
// so do the sends, which use up what was reserved. It panics if n < 0.
func (s *Sender[T]) Reserve(n int) (first, second []T) {
	if misuse.On {
		defer misuse.Enter(s, "spsc: Sender.Reserve")()
	}
	mustCount("Sender.Reserve", n)
	if !s.items.isOpen() {
		return nil, nil
	}
	return s.p.Reserve(n)
}

// Commit sends the values of the first n reserved slots at once; the rest stays
// reserved. If the channel is closed it returns ErrClosed, and all that was
// reserved is dropped. It panics, and changes nothing, if n < 0 or, on an open
// channel, fewer than n slots are reserved.
func (s *Sender[T]) Commit(n int) error {
	if misuse.On {
		defer misuse.Enter(s, "spsc: Sender.Commit")()
	}
	mustCount("Sender.Commit", n)
	if !s.items.isOpen() {
		first, second := s.p.Reserve(s.p.Reserved())
		clear(first)
		clear(second)
		return ErrClosed
	}
	if reserved := s.p.Reserved(); n > reserved {
		panic(fmt.Sprintf("spsc: Sender.Commit: n is %d, but %d slots are reserved", n, reserved))
	}
	s.p.Commit(n)
	return s.sent()
}

// Poll returns nil if there is room and ErrClosed if the channel is closed.
// Else it returns ErrFull, and w is woken when that may have changed. A later
// Poll or blocking send replaces the registration. It panics if w is nil.
func (s *Sender[T]) Poll(w waker.Waker) error {
	if misuse.On {
		defer misuse.Enter(s, "spsc: Sender.Poll")()
	}
	mustWaker("Sender.Poll", w)
	if s.poll(w, &s.room, s.hasRoom, s.surelyHasRoom) {
		return ErrFull
	}
	return s.free()
}

// Closed reports whether sends fail with ErrClosed, because either end has
// closed. Any goroutine may call it.
func (s *Sender[T]) Closed() bool {
	// ORDERING: acquire; what the receiver did before Close happened before.
	return s.items.state().LoadAcquire() > calm
}

// Free returns Cap minus Len.
func (s *Sender[T]) Free() int { return s.Cap() - s.Len() }

// free returns nil if there is room, else why a send would fail.
func (s *Sender[T]) free() error {
	switch {
	case !s.items.isOpen():
		return ErrClosed
	case !s.p.CanPush():
		return ErrFull
	default:
		return nil
	}
}

// hasRoom reports whether a send would not wait.
func (s *Sender[T]) hasRoom() bool { return s.p.CanPush() || !s.items.isOpen() }

// surelyHasRoom is hasRoom when this end has announced that it waits.
func (s *Sender[T]) surelyHasRoom() bool {
	return s.hasRoom() || s.room.disturb() && s.hasRoom()
}

func mustContext(method string, ctx context.Context) {
	if ctx == nil {
		panic("spsc: " + method + ": ctx is nil")
	}
}

func mustWaker(method string, w waker.Waker) {
	if w == nil {
		panic("spsc: " + method + ": w is nil")
	}
}

func mustCount(method string, n int) {
	if n < 0 {
		panic(fmt.Sprintf("spsc: %s: n is %d, below 0", method, n))
	}
}
