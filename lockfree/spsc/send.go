package spsc

import (
	"context"
	"fmt"

	"github.com/litesync/litesync/internal/channel"
	"github.com/litesync/litesync/internal/misuse"
	"github.com/litesync/litesync/lockfree/waker"
)

// Send sends v, and waits for room. It returns nil or ErrClosed. A v that it
// refuses may be kept alive by the channel: until Sender.Close, or as long as there
// is the channel if the receiver closed in the midst of it.
func (s *Sender[T]) Send(v T) error {
	if misuse.On {
		defer misuse.Enter(s, "spsc: Sender.Send")()
	}
	*(*T)(s.c.Core.P.At) = v // This slot is spare even if the channel is full.
	return channel.SendStep(&s.c)
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
		if err := s.end().Wait(ctx); err != nil {
			return err
		}
	}
}

// TrySend sends v if there is room. It returns nil, ErrFull or ErrClosed.
func (s *Sender[T]) TrySend(v T) error {
	if misuse.On {
		defer misuse.Enter(s, "spsc: Sender.TrySend")()
	}
	if !s.end().Open() {
		return ErrClosed
	}
	if !s.ring().Push(v) {
		return ErrFull
	}
	return s.end().Sent()
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
		if err := s.end().Wait(ctx); err != nil {
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
	if !s.end().Open() {
		return 0, ErrClosed
	}
	n := s.ring().PushSlice(vs)
	if n > 0 {
		if err := s.end().Sent(); err != nil {
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
	if !s.end().Open() {
		return nil, nil
	}
	return s.ring().Reserve(n)
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
	if !s.end().Open() {
		first, second := s.ring().Reserve(s.ring().Reserved())
		clear(first)
		clear(second)
		return ErrClosed
	}
	if reserved := s.ring().Reserved(); n > reserved {
		panic(fmt.Sprintf("spsc: Sender.Commit: n is %d, but %d slots are reserved", n, reserved))
	}
	s.ring().Commit(n)
	return s.end().Sent()
}

// Poll returns nil if there is room and ErrClosed if the channel is closed.
// Else it returns ErrFull, and w is woken when that may have changed. A later
// Poll or blocking send replaces the registration. It panics if w is nil.
func (s *Sender[T]) Poll(w waker.Waker) error {
	if misuse.On {
		defer misuse.Enter(s, "spsc: Sender.Poll")()
	}
	mustWaker("Sender.Poll", w)
	return s.end().Poll(w)
}

// Closed reports whether sends fail with ErrClosed, because either end has
// closed. Any goroutine may call it.
func (s *Sender[T]) Closed() bool { return !s.end().Open() }

// Close ends the stream behind the last value that was accepted. The receiver
// gets what it has not yet received, and then ErrClosed; it is woken if it
// waits. Sends after Close fail with ErrClosed. Close is idempotent.
func (s *Sender[T]) Close() {
	if misuse.On {
		defer misuse.Enter(s, "spsc: Sender.Close")()
	}
	if !s.end().Open() {
		*(*T)(s.end().P().At) = *new(T) // What a Send may have left that was refused.
	}
	s.end().Close()
}

// Free returns Cap minus Len.
func (s *Sender[T]) Free() int { return s.Cap() - s.Len() }

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
