//go:build model

package spsc_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/litesync/litesync"
	"github.com/litesync/litesync/internal/model"
	"github.com/litesync/litesync/lockfree/spsc"
	"github.com/litesync/litesync/lockfree/waker"
)

// program is a model program for channels that a test makes.
type program func(m *model.T, make maker)

type maker func(capacity int) (*spsc.Sender[int], *spsc.Receiver[int])

// A variant is how the channels of a program are made, and on what system.
type variant struct {
	name     string
	strategy spsc.Strategy
	noHeavy  bool // without a heavy fence no end becomes calm
	inline   bool
}

var (
	park     = variant{name: "Park"}
	variants = []variant{
		park,
		{name: "Park without FenceHeavy", noHeavy: true},
		{name: "Yield", strategy: spsc.Yield},
		{name: "Yield without FenceHeavy", strategy: spsc.Yield, noHeavy: true},
		{name: "Spin", strategy: spsc.Spin},
		{name: "Inline", inline: true},
	}
)

func (v variant) make(capacity int) (*spsc.Sender[int], *spsc.Receiver[int]) {
	strategy := spsc.WithStrategy(v.strategy)
	switch {
	case v.inline && capacity == 1:
		return new(spsc.Inline[int, [1]int]).Split(strategy)
	case v.inline:
		return new(spsc.Inline[int, [2]int]).Split(strategy)
	}
	return spsc.NewAt[int](capacity, ^uintptr(0), strategy) // The positions wrap around.
}

// explore explores body with at most that many preemptions, or more if that is
// asked for; 0 is no bound.
func (v variant) explore(t *testing.T, preemptions int, body program) {
	t.Run(v.name, func(t *testing.T) {
		opts := model.Options{}
		if preemptions > 0 {
			opts = model.AtMost(preemptions)
		}
		opts.NoFenceHeavy = v.noHeavy
		model.Check(t, opts, func(m *model.T) { body(m, v.make) })
	})
}

// exploreAll explores body in all variants.
func exploreAll(t *testing.T, preemptions int, body program) {
	for _, v := range variants {
		v.explore(t, preemptions, body)
	}
}

// inOrder fails unless got is 0, 1, 2… and as long as what was accepted.
func inOrder(m *model.T, got []int, accepted int) {
	m.Assert(len(got) == accepted, "%d accepted, received %v", accepted, got)
	for i, v := range got {
		m.Assert(v == i, "received %v", got)
	}
}

// The ways to send vs, all of which wait for room: they return how many were
// accepted, fewer than all only on a closed channel.
var send = map[string]func(m *model.T, s *spsc.Sender[int], vs []int) int{
	"Send": func(m *model.T, s *spsc.Sender[int], vs []int) int {
		for i, v := range vs {
			if s.Send(v) != nil {
				return i
			}
		}
		return len(vs)
	},
	"TrySend and Poll": func(m *model.T, s *spsc.Sender[int], vs []int) int {
		var p waker.Parker
		for i := 0; i < len(vs); {
			switch s.TrySend(vs[i]) {
			case nil:
				i++
			case spsc.ErrClosed:
				return i
			case spsc.ErrFull:
				awaitPoll(&p, func() bool { return errors.Is(s.Poll(&p), spsc.ErrFull) })
			}
		}
		return len(vs)
	},
	"SendSlice": func(m *model.T, s *spsc.Sender[int], vs []int) int {
		n, err := s.SendSlice(vs)
		m.Assert((n == len(vs)) == (err == nil), "SendSlice: %d of %d, %v", n, len(vs), err)
		return n
	},
	"TrySendSlice": func(m *model.T, s *spsc.Sender[int], vs []int) int {
		for n := 0; n < len(vs); {
			k, err := s.TrySendSlice(vs[n:])
			n += k
			m.Assert((n == len(vs)) == (err == nil), "TrySendSlice: %d of %d, %v", n, len(vs), err)
			if errors.Is(err, spsc.ErrClosed) {
				return n
			}
			litesync.Pause()
		}
		return len(vs)
	},
	"Commit": func(m *model.T, s *spsc.Sender[int], vs []int) int {
		for n := 0; n < len(vs); {
			first, second := s.Reserve(len(vs) - n)
			k := copy(first, vs[n:])
			k += copy(second, vs[n+k:])
			if k == 0 && s.Closed() || k > 0 && s.Commit(k) != nil {
				return n
			}
			if n += k; k == 0 {
				litesync.Pause()
			}
		}
		return len(vs)
	},
}

// The ways to receive, all of which wait for a value: they return none only at
// the end.
var receive = map[string]func(m *model.T, r *spsc.Receiver[int]) []int{
	"Recv": func(_ *model.T, r *spsc.Receiver[int]) []int {
		if v, ok := r.Recv(); ok {
			return []int{v}
		}
		return nil
	},
	"TryRecv and Poll": func(_ *model.T, r *spsc.Receiver[int]) []int {
		var p waker.Parker
		for {
			v, err := r.TryRecv()
			switch err {
			case nil:
				return []int{v}
			case spsc.ErrClosed:
				return nil
			}
			awaitPoll(&p, func() bool { return errors.Is(r.Poll(&p), spsc.ErrEmpty) })
		}
	},
	"RecvSlice": func(m *model.T, r *spsc.Receiver[int]) []int {
		var dst [2]int
		n, err := r.RecvSlice(dst[:])
		m.Assert((n > 0) == (err == nil), "RecvSlice: %d, %v", n, err)
		return dst[:n]
	},
	"RecvFull": func(m *model.T, r *spsc.Receiver[int]) []int {
		var dst [2]int
		n, err := r.RecvFull(dst[:])
		m.Assert((n == 2) == (err == nil), "RecvFull: %d, %v", n, err)
		return dst[:n]
	},
	"TryRecvSlice": func(m *model.T, r *spsc.Receiver[int]) []int {
		for {
			var dst [2]int
			n, err := r.TryRecvSlice(dst[:])
			m.Assert((n > 0) == (err == nil), "TryRecvSlice: %d, %v", n, err)
			if !errors.Is(err, spsc.ErrEmpty) {
				return dst[:n]
			}
			litesync.Pause()
		}
	},
	"PeekSlice": func(m *model.T, r *spsc.Receiver[int]) (got []int) {
		for {
			closed := r.Closed()
			first, second := r.PeekSlice(2)
			got = append(append(got, first...), second...)
			n := r.Discard(len(got))
			m.Assert(n == len(got) && !(closed && n > 0), "%d of %v discarded, closed %v", n, got, closed)
			if n > 0 || closed {
				return got
			}
			litesync.Pause()
		}
	},
}

// awaitPoll parks until poll, which registers p, returns false.
func awaitPoll(p *waker.Parker, poll func() bool) {
	for poll() {
		p.Park()
		litesync.Pause() // It may be woken without cause.
	}
}

// pairs explores each way to send against Recv, and each way to receive against
// Send, with one value more than fits.
func pairs(t *testing.T, f func(t *testing.T, in, out string, values []int)) {
	for _, capacity := range []int{1, 2} {
		run := func(in, out string) {
			t.Run(fmt.Sprintf("%s, %s, %d", in, out, capacity), func(t *testing.T) {
				f(t, in, out, []int{0, 1, 2}[:capacity+1])
			})
		}
		for in := range send {
			run(in, "Recv")
		}
		for out := range receive {
			if out != "Recv" {
				run("Send", out)
			}
		}
	}
}

// The sender sends and closes.
func TestModelSendClose(t *testing.T) {
	pairs(t, func(t *testing.T, in, out string, values []int) {
		park.explore(t, 1, func(m *model.T, make maker) {
			s, r := make(len(values) - 1)
			accepted := 0
			m.Go(func() {
				accepted = send[in](m, s, values)
				s.Close()
			})
			var got []int
			for {
				vs := receive[out](m, r)
				if len(vs) == 0 {
					break
				}
				got = append(got, vs...)
			}
			m.Join()
			m.Assert(accepted == len(values) && s.Closed() && r.Closed(), "accepted %d of %d", accepted, len(values))
			inOrder(m, got, accepted)
		})
	})
}

// The receiver closes while values are sent, at once or after it has received,
// and then drains: what was accepted is there, and nothing else.
func TestModelReceiverCloses(t *testing.T) {
	pairs(t, func(t *testing.T, in, out string, values []int) {
		body := func(m *model.T, make maker) {
			s, r := make(len(values) - 1)
			accepted := 0
			m.Go(func() {
				accepted = send[in](m, s, values)
				s.Close() // Or who receives more than is sent would wait for ever.
			})
			var got []int
			if m.Choose(2) == 1 {
				got = receive[out](m, r)
			}
			r.Close()
			for {
				vs := receive[out](m, r)
				if len(vs) == 0 {
					break
				}
				got = append(got, vs...)
			}
			m.Join()
			for v := range r.Drain() {
				m.Assert(false, "%d came after the end", v)
			}
			inOrder(m, got, accepted)
		}
		if len(values) == 2 {
			exploreAll(t, 1, body)
		} else {
			park.explore(t, 1, body)
		}
	})
}

// The sender closes, with or without a value, while a Recv waits or is about to.
func TestModelCloseAgainstWaitingRecv(t *testing.T) {
	park.explore(t, 0, func(m *model.T, make maker) {
		s, r := make(1)
		var got []int
		m.Go(func() {
			for v := range r.All() {
				got = append(got, v)
			}
			m.Assert(r.Closed() && r.Len() == 0, "not at the end")
		})
		sent := m.Choose(2)
		for i := range sent {
			m.Assert(s.Send(i) == nil, "closed")
		}
		s.Close()
		m.Join()
		inOrder(m, got, sent)
	})
}

// Both ends close.
func TestModelBothClose(t *testing.T) {
	exploreAll(t, 0, func(m *model.T, make maker) {
		s, r := make(1)
		accepted := 0
		m.Go(func() {
			if s.Send(0) == nil {
				accepted++
			}
			s.Close()
			m.Assert(s.Closed(), "not closed after Close of the sender")
			m.Assert(s.Send(1) == spsc.ErrClosed, "sent after Close")
		})
		r.Close()
		m.Assert(s.Closed(), "not closed after Close of the receiver")
		var got []int
		for v := range r.All() {
			got = append(got, v)
		}
		m.Assert(r.Closed(), "not at the end")
		m.Join()
		inOrder(m, got, accepted)
	})
}

// A wait that is cancelled has no effect but for what it says, and one that is
// not does what it says.
func TestModelCancel(t *testing.T) {
	explore := func(t *testing.T, all bool, body program) {
		vs := variants[:1]
		if all {
			vs = variants[:len(variants)-1] // Inline takes as long as Park.
		}
		for _, v := range vs {
			v.explore(t, 1, body)
		}
	}
	receives := map[string]func(r *spsc.Receiver[int], ctx *model.Context) ([]int, error){
		"RecvContext": func(r *spsc.Receiver[int], ctx *model.Context) ([]int, error) {
			v, err := r.RecvContext(ctx)
			if err != nil {
				return nil, err
			}
			return []int{v}, nil
		},
		"RecvSliceContext": func(r *spsc.Receiver[int], ctx *model.Context) ([]int, error) {
			var dst [2]int
			n, err := r.RecvSliceContext(ctx, dst[:])
			return dst[:n], err
		},
		"RecvFullContext": func(r *spsc.Receiver[int], ctx *model.Context) ([]int, error) {
			var dst [2]int
			n, err := r.RecvFullContext(ctx, dst[:])
			return dst[:n], err
		},
	}
	for name, receive := range receives {
		t.Run(name, func(t *testing.T) {
			explore(t, name == "RecvContext", func(m *model.T, make maker) {
				s, r := make(1)
				ctx := m.Context()
				m.Go(ctx.Cancel)
				m.Go(func() { s.Send(0); s.Send(1) })
				got, err := receive(r, ctx)
				if err != nil {
					m.Assert(ctx.Err() != nil, "%v, but not cancelled", err)
				}
				for len(got) < 2 {
					v, ok := r.Recv()
					m.Assert(ok, "closed")
					got = append(got, v)
				}
				inOrder(m, got, 2)
			})
		})
	}
	sends := map[string]func(s *spsc.Sender[int], ctx *model.Context) (int, error){
		"SendContext": func(s *spsc.Sender[int], ctx *model.Context) (int, error) {
			for i := range 2 {
				if err := s.SendContext(ctx, i); err != nil {
					return i, err
				}
			}
			return 2, nil
		},
		"SendSliceContext": func(s *spsc.Sender[int], ctx *model.Context) (int, error) {
			return s.SendSliceContext(ctx, []int{0, 1})
		},
	}
	for name, send := range sends {
		t.Run(name, func(t *testing.T) {
			explore(t, name == "SendContext", func(m *model.T, make maker) {
				s, r := make(1)
				ctx := m.Context()
				accepted := 0
				m.Go(ctx.Cancel)
				m.Go(func() {
					n, err := send(s, ctx)
					if accepted = n; err != nil {
						m.Assert(ctx.Err() != nil, "%v, but not cancelled", err)
					}
					s.Close()
				})
				var got []int
				for v := range r.All() {
					got = append(got, v)
				}
				m.Join()
				inOrder(m, got, accepted)
			})
		})
	}
}

// The shortest program, in every way.
func TestModelTwoValues(t *testing.T) {
	exploreAll(t, 1, func(m *model.T, make maker) {
		s, r := make(1)
		m.Go(func() {
			s.Send(0)
			s.Send(1)
			s.Close()
		})
		var got []int
		for v := range r.All() {
			got = append(got, v)
		}
		inOrder(m, got, 2)
	})
}

// Nobody closes, so whoever sleeps is woken by the step that it waits for, of an
// end that is calm too.
func TestModelNobodyCloses(t *testing.T) {
	for _, capacity := range []int{1, 2} {
		t.Run(fmt.Sprint(capacity), func(t *testing.T) {
			exploreAll(t, 1, func(m *model.T, make maker) {
				s, r := make(capacity)
				m.Go(func() {
					for i := range 3 {
						s.Send(i)
					}
				})
				var got []int
				for range 3 {
					v, _ := r.Recv()
					got = append(got, v)
				}
				inOrder(m, got, 3)
			})
		})
	}
}

// What an end did before Close happened before whoever sees that it has closed:
// the receiver at the end of the stream, the sender that is refused, anybody by
// Closed.
func TestModelBeforeClose(t *testing.T) {
	type (
		sender   = *spsc.Sender[int]
		receiver = *spsc.Receiver[int]
	)
	for name, way := range map[string]struct {
		close func(sender, receiver)
		seen  func(sender, receiver) bool
	}{
		"Recv": {
			func(s sender, _ receiver) { s.Close() },
			func(_ sender, r receiver) bool { _, ok := r.Recv(); return !ok },
		},
		"TrySend": {
			func(_ sender, r receiver) { r.Close() },
			func(s sender, _ receiver) bool { return s.TrySend(0) == spsc.ErrClosed },
		},
		"Send to a full channel": {
			func(_ sender, r receiver) { r.Close() },
			func(s sender, _ receiver) bool {
				s.TrySend(0)
				return s.Send(1) == spsc.ErrClosed
			},
		},
		"Sender.Closed": {
			func(_ sender, r receiver) { r.Close() },
			func(s sender, _ receiver) bool { return s.Closed() },
		},
		"Receiver.Closed of the sender": {
			func(s sender, _ receiver) { s.Close() },
			func(_ sender, r receiver) bool { return r.Closed() },
		},
		"Receiver.Closed of the receiver": {
			func(_ sender, r receiver) { r.Close() },
			func(_ sender, r receiver) bool { return r.Closed() },
		},
	} {
		t.Run(name, func(t *testing.T) {
			exploreAll(t, 0, func(m *model.T, make maker) {
				s, r := make(1)
				var note int
				m.Go(func() {
					litesync.WillWrite(&note)
					way.close(s, r)
				})
				if way.seen(s, r) {
					litesync.WillRead(&note)
				}
			})
		})
	}
}

// Len tells anybody of a number of values that there can have been, at the end
// of the stream too.
func TestModelLen(t *testing.T) {
	for _, receiverCloses := range []bool{false, true} {
		t.Run(fmt.Sprint(receiverCloses), func(t *testing.T) {
			for _, v := range variants[:2] { // Nobody waits.
				v.explore(t, 0, func(m *model.T, make maker) {
					s, r := make(1)
					m.Go(func() {
						s.TrySend(0)
						s.TrySend(1)
						if !receiverCloses {
							s.Close()
						}
					})
					m.Go(func() {
						r.TryRecv()
						r.TryRecv()
						if receiverCloses {
							r.Close()
						}
					})
					n := r.Len()
					m.Assert(0 <= n && n <= 1, "Len is %d", n)
				})
			}
		})
	}
}

// Nor does it count what goes from hand to hand between ends that wait.
func TestModelLenOfWaiting(t *testing.T) {
	park.explore(t, 2, func(m *model.T, make maker) {
		s, r := make(1)
		m.Go(func() {
			s.Send(0)
			s.Send(1)
		})
		m.Go(func() {
			r.Recv()
			r.Recv()
		})
		n := s.Len()
		m.Assert(0 <= n && n <= 1, "Len is %d", n)
	})
}
