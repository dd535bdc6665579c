//go:build model

package spsc_test

import (
	"fmt"
	"maps"
	"testing"

	"github.com/litesync/litesync/internal/model"
	"github.com/litesync/litesync/lockfree/spsc"
)

// The models of this file are the smallest: one operation that has to wait, in
// every way, against what ends the wait. They have no preemption bound, but for
// those in which a cancellation comes together with Close or with more room.

// one explores body with both kinds of system, at capacity 1 and 2.
func one(t *testing.T, name string, cancelled, closed bool, body func(m *model.T, s *spsc.Sender[int], r *spsc.Receiver[int])) {
	for _, capacity := range []int{1, 2} {
		preemptions := 0
		if cancelled && (closed || capacity > 1) {
			preemptions = 2
		}
		t.Run(fmt.Sprintf("%s, %d", name, capacity), func(t *testing.T) {
			for _, v := range variants[:2] {
				v.explore(t, preemptions, func(m *model.T, make maker) {
					s, r := make(capacity)
					body(m, s, r)
				})
			}
		})
	}
}

// A send to a full channel, while the receiver takes a value, closes, or both:
// what was accepted is there in order, and nothing else. Four preemptions are
// the least for some ways to decide the cut wrong.
func TestModelEachSend(t *testing.T) {
	ways := maps.Clone(send)
	for name, f := range map[string]func(s *spsc.Sender[int], ctx *model.Context, v int) error{
		"SendContext": func(s *spsc.Sender[int], ctx *model.Context, v int) error { return s.SendContext(ctx, v) },
		"SendSliceContext": func(s *spsc.Sender[int], ctx *model.Context, v int) error {
			n, err := s.SendSliceContext(ctx, []int{v})
			if (n == 1) != (err == nil) {
				return fmt.Errorf("%d sent, %w", n, err)
			}
			return err
		},
	} {
		ways[name] = func(m *model.T, s *spsc.Sender[int], vs []int) int {
			ctx := m.Context()
			m.Go(ctx.Cancel)
			switch err := f(s, ctx, vs[0]); err {
			case nil:
				return 1
			case spsc.ErrClosed:
			default:
				m.Assert(ctx.Err() == err, "%v", err)
			}
			return 0
		}
	}
	for in, way := range ways {
		for _, what := range []string{"take", "close", "take and close"} {
			one(t, in+", "+what, send[in] == nil, what != "take", func(m *model.T, s *spsc.Sender[int], r *spsc.Receiver[int]) {
				accepted := 0
				for s.TrySend(accepted) == nil {
					accepted++
				}
				m.Go(func() { accepted += way(m, s, []int{accepted}) })
				var got []int
				if what != "close" {
					v, ok := r.Recv()
					m.Assert(ok, "closed")
					got = append(got, v)
				}
				if what != "take" {
					r.Close()
				}
				for v := range r.Drain() {
					got = append(got, v)
				}
				m.Join()
				for v := range r.Drain() {
					m.Assert(what == "take", "%d came after the end", v)
					got = append(got, v)
				}
				inOrder(m, got, accepted)
			})
		}
	}
}

// A receive from an empty channel, while the sender sends a value, closes, or
// both.
func TestModelEachReceive(t *testing.T) {
	ways := maps.Clone(receive)
	for name, f := range map[string]func(r *spsc.Receiver[int], ctx *model.Context, dst []int) (int, error){
		"RecvContext": func(r *spsc.Receiver[int], ctx *model.Context, dst []int) (n int, err error) {
			if dst[0], err = r.RecvContext(ctx); err == nil {
				n = 1
			}
			return n, err
		},
		"RecvSliceContext": func(r *spsc.Receiver[int], ctx *model.Context, dst []int) (int, error) {
			return r.RecvSliceContext(ctx, dst)
		},
		"RecvFullContext": func(r *spsc.Receiver[int], ctx *model.Context, dst []int) (int, error) {
			return r.RecvFullContext(ctx, dst)
		},
	} {
		ways[name] = func(m *model.T, r *spsc.Receiver[int]) []int {
			ctx := m.Context()
			m.Go(ctx.Cancel)
			var dst [2]int
			n, err := f(r, ctx, dst[:])
			if err != nil && err != spsc.ErrClosed {
				m.Assert(ctx.Err() == err, "%v", err)
			}
			return dst[:n]
		}
	}
	for out, way := range ways {
		for _, what := range []string{"send", "close", "send and close"} {
			if what == "send" && out == "RecvFull" {
				continue // It waits for more.
			}
			one(t, out+", "+what, receive[out] == nil, what != "send", func(m *model.T, s *spsc.Sender[int], r *spsc.Receiver[int]) {
				sent := 0
				m.Go(func() {
					if what != "close" {
						m.Assert(s.Send(0) == nil, "closed")
						sent++
					}
					if what != "send" {
						s.Close()
					}
				})
				got := way(m, r)
				m.Join()
				for v := range r.Drain() {
					got = append(got, v)
				}
				inOrder(m, got, sent)
			})
		}
	}
}
