//go:build !model

package spsc_test

import (
	"context"
	"testing"

	"github.com/litesync/litesync"
	"github.com/litesync/litesync/lockfree/spsc"
)

// counted is a context that counts what waits for its end.
type counted struct {
	context.Context
	registered, left litesync.Uint32
}

// Value hides what the embedded context is, so that AfterFunc is called.
func (c *counted) Value(any) any { return nil }

func (c *counted) AfterFunc(f func()) (stop func() bool) {
	c.registered.Add(1)
	c.left.Add(1)
	gone := func() { c.left.Add(^uint32(0)) }
	s := context.AfterFunc(c.Context, func() { gone(); f() })
	return func() bool {
		stopped := s()
		if stopped {
			gone()
		}
		return stopped
	}
}

// The methods that take a context, as blocking calls on a channel of capacity 1
// that is full or empty, and what the other end does to let them return.
var withContext = map[string]struct {
	full bool
	wait func(ctx context.Context, s *spsc.Sender[int], r *spsc.Receiver[int]) error
}{
	"SendContext": {true, func(ctx context.Context, s *spsc.Sender[int], _ *spsc.Receiver[int]) error {
		return s.SendContext(ctx, 1)
	}},
	"SendSliceContext": {true, func(ctx context.Context, s *spsc.Sender[int], _ *spsc.Receiver[int]) error {
		_, err := s.SendSliceContext(ctx, []int{1})
		return err
	}},
	"RecvContext": {false, func(ctx context.Context, _ *spsc.Sender[int], r *spsc.Receiver[int]) error {
		_, err := r.RecvContext(ctx)
		return err
	}},
	"RecvSliceContext": {false, func(ctx context.Context, _ *spsc.Sender[int], r *spsc.Receiver[int]) error {
		_, err := r.RecvSliceContext(ctx, make([]int, 1))
		return err
	}},
	"RecvFullContext": {false, func(ctx context.Context, _ *spsc.Sender[int], r *spsc.Receiver[int]) error {
		_, err := r.RecvFullContext(ctx, make([]int, 1))
		return err
	}},
}

// A wait leaves nothing behind in its context, however it ends.
func TestContextReleased(t *testing.T) {
	for name, method := range withContext {
		for how, end := range map[string]func(cancel context.CancelCauseFunc, s *spsc.Sender[int], r *spsc.Receiver[int]) error{
			"other end": func(_ context.CancelCauseFunc, s *spsc.Sender[int], r *spsc.Receiver[int]) error {
				if method.full {
					r.Recv()
				} else {
					s.Send(1)
				}
				return nil
			},
			"cancel": func(cancel context.CancelCauseFunc, _ *spsc.Sender[int], _ *spsc.Receiver[int]) error {
				cancel(nil)
				return context.Canceled
			},
			"close": func(_ context.CancelCauseFunc, s *spsc.Sender[int], r *spsc.Receiver[int]) error {
				if method.full {
					r.Close()
				} else {
					s.Close()
				}
				return spsc.ErrClosed
			},
		} {
			t.Run(name+"/"+how, func(t *testing.T) {
				s, r := spsc.New[int](1)
				if method.full {
					s.Send(0)
				}
				inner, cancel := context.WithCancelCause(context.Background())
				defer cancel(nil)
				ctx := &counted{Context: inner}
				var got, want error
				run(t, func() { got = method.wait(ctx, s, r) }, func() {
					asleep(t, name)
					want = end(cancel, s, r)
				})
				if got != want {
					t.Errorf("%v, want %v", got, want)
				}
				if ctx.registered.Load() == 0 || ctx.left.Load() != 0 {
					t.Errorf("%d registered, %d left", ctx.registered.Load(), ctx.left.Load())
				}
			})
		}
	}
}
