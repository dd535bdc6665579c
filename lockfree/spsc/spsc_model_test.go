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

// program is a model program for channels of a strategy.
type program func(m *model.T, strategy spsc.Option)

// check explores body with ends that sleep. The preemption bound keeps it small.
func check(t *testing.T, preemptions int, body program) {
	explore(t, preemptions, spsc.Park, false, body)
}

// checkAll explores body with ends that sleep, and with ends that look again and
// again, on systems with a heavy fence and without.
func checkAll(t *testing.T, preemptions int, body program) {
	check(t, preemptions, body)
	explore(t, preemptions, spsc.Park, true, body)
	explore(t, preemptions, spsc.Yield, false, body)
	explore(t, preemptions, spsc.Yield, true, body)
}

func explore(t *testing.T, preemptions int, s spsc.Strategy, noHeavy bool, body program) {
	if model.Deep() {
		preemptions++
	}
	model.Check(t, model.Options{Preemptions: preemptions, NoFenceHeavy: noHeavy}, func(m *model.T) {
		body(m, spsc.WithStrategy(s))
	})
}

// inOrder fails unless got is 0, 1, 2… and as long as what was accepted.
func inOrder(m *model.T, got []int, accepted int) {
	m.Assert(len(got) == accepted, "%d accepted, received %v", accepted, got)
	for i, v := range got {
		m.Assert(v == i, "received %v", got)
	}
}

// The ways to send one value, all of which wait for room, and to receive one.
var (
	send = map[string]func(m *model.T, s *spsc.Sender[int], v int) error{
		"Send": func(_ *model.T, s *spsc.Sender[int], v int) error { return s.Send(v) },
		"TrySend and Poll": func(_ *model.T, s *spsc.Sender[int], v int) error {
			var p waker.Parker
			for {
				if err := s.TrySend(v); !errors.Is(err, spsc.ErrFull) {
					return err
				}
				for errors.Is(s.Poll(&p), spsc.ErrFull) {
					p.Park()
					litesync.Pause() // It may be woken without cause.
				}
			}
		},
		"SendSlice": func(_ *model.T, s *spsc.Sender[int], v int) error {
			_, err := s.SendSlice([]int{v})
			return err
		},
		"Commit": func(_ *model.T, s *spsc.Sender[int], v int) error {
			for {
				first, _ := s.Reserve(1)
				if len(first) > 0 {
					first[0] = v
					return s.Commit(1)
				}
				if s.Closed() {
					return spsc.ErrClosed
				}
				litesync.Pause()
			}
		},
	}
	receive = map[string]func(r *spsc.Receiver[int]) (int, bool){
		"Recv": func(r *spsc.Receiver[int]) (int, bool) { return r.Recv() },
		"TryRecv and Poll": func(r *spsc.Receiver[int]) (int, bool) {
			var p waker.Parker
			for {
				v, err := r.TryRecv()
				if !errors.Is(err, spsc.ErrEmpty) {
					return v, err == nil
				}
				for errors.Is(r.Poll(&p), spsc.ErrEmpty) {
					p.Park()
					litesync.Pause() // It may be woken without cause.
				}
			}
		},
		"RecvSlice": func(r *spsc.Receiver[int]) (int, bool) {
			var dst [1]int
			n, _ := r.RecvSlice(dst[:])
			return dst[0], n == 1
		},
		"RecvFull": func(r *spsc.Receiver[int]) (int, bool) {
			var dst [1]int
			n, _ := r.RecvFull(dst[:])
			return dst[0], n == 1
		},
	}
)

// Each way to send against Recv, and each way to receive against Send: two or
// three values through one slot, then the sender closes.
func TestModelSendClose(t *testing.T) {
	run := func(in, out string) {
		t.Run(in+", "+out, func(t *testing.T) {
			check(t, 1, func(m *model.T, strategy spsc.Option) {
				s, r := spsc.New[int](1, strategy)
				accepted := 0
				m.Go(func() {
					for i := range 2 {
						if send[in](m, s, i) == nil {
							accepted++
						}
					}
					s.Close()
				})
				var got []int
				for {
					v, ok := receive[out](r)
					if !ok {
						break
					}
					got = append(got, v)
				}
				m.Join()
				m.Assert(accepted == 2 && s.Closed() && r.Closed(), "accepted %d of 2", accepted)
				inOrder(m, got, accepted)
			})
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

// The receiver closes while values are sent, and then drains: what was accepted
// is there, and nothing else.
func TestModelReceiverCloses(t *testing.T) {
	for in := range send {
		t.Run(in, func(t *testing.T) {
			checkAll(t, 1, func(m *model.T, strategy spsc.Option) {
				s, r := spsc.New[int](1, strategy)
				accepted := 0
				m.Go(func() {
					for i := range 2 {
						if send[in](m, s, i) != nil {
							break
						}
						accepted++
					}
				})
				var got []int
				if m.Choose(2) == 1 {
					if v, ok := r.Recv(); ok {
						got = append(got, v)
					}
				}
				r.Close()
				for v := range r.All() {
					got = append(got, v)
				}
				m.Join()
				for v := range r.Drain() {
					m.Assert(false, "%d came after the end", v)
				}
				inOrder(m, got, accepted)
			})
		})
	}
}

// A slice is accepted as far as the receiver gets it, whoever closes.
func TestModelSlices(t *testing.T) {
	for _, capacity := range []int{1, 2} {
		t.Run(fmt.Sprint(capacity), func(t *testing.T) {
			check(t, 1, func(m *model.T, strategy spsc.Option) {
				s, r := spsc.New[int](capacity, strategy)
				accepted := 0
				m.Go(func() {
					n, err := s.SendSlice([]int{0, 1})
					m.Assert((n == 2) == (err == nil), "%d of 2 with %v", n, err)
					accepted = n
					s.Close()
				})
				var dst [2]int
				n, err := r.RecvSlice(dst[:1+m.Choose(2)])
				m.Assert(n > 0 && err == nil, "RecvSlice: %d, %v", n, err)
				if m.Choose(2) == 1 {
					r.Close()
				}
				k, err := r.RecvFull(dst[n:])
				m.Assert((k == 2-n) == (err == nil), "RecvFull: %d of %d, %v", k, 2-n, err)
				m.Join()
				inOrder(m, dst[:n+k], accepted)
			})
		})
	}
}

// Both ends close.
func TestModelBothClose(t *testing.T) {
	checkAll(t, 2, func(m *model.T, strategy spsc.Option) {
		s, r := spsc.New[int](1, strategy)
		accepted := 0
		m.Go(func() {
			if s.Send(0) == nil {
				accepted++
			}
			s.Close()
			m.Assert(s.Send(1) == spsc.ErrClosed, "sent after Close")
		})
		r.Close()
		var got []int
		for v := range r.All() {
			got = append(got, v)
		}
		m.Join()
		inOrder(m, got, accepted)
		m.Assert(s.Closed() && r.Closed(), "not closed")
	})
}

// A wait that is cancelled has no effect, and one that is not does what it says.
func TestModelCancel(t *testing.T) {
	t.Run("Recv", func(t *testing.T) {
		checkAll(t, 1, func(m *model.T, strategy spsc.Option) {
			s, r := spsc.New[int](1, strategy)
			ctx := m.Context()
			m.Go(ctx.Cancel)
			m.Go(func() { s.Send(0) })
			v, err := r.RecvContext(ctx)
			if err != nil {
				m.Assert(ctx.Err() != nil, "%v, but not cancelled", err)
				var ok bool
				v, ok = r.Recv()
				m.Assert(ok, "closed")
			}
			m.Assert(v == 0 && r.Len() == 0, "received %d, %d left", v, r.Len())
		})
	})
	t.Run("Send", func(t *testing.T) {
		checkAll(t, 1, func(m *model.T, strategy spsc.Option) {
			s, r := spsc.New[int](1, strategy)
			ctx := m.Context()
			accepted := 1
			s.Send(0)
			m.Go(ctx.Cancel)
			m.Go(func() {
				if err := s.SendContext(ctx, 1); err == nil {
					accepted++
				} else {
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

// The shortest program, in every way.
func TestModelTwoValues(t *testing.T) {
	checkAll(t, 1, func(m *model.T, strategy spsc.Option) {
		s, r := spsc.New[int](1, strategy)
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
			checkAll(t, 1, func(m *model.T, strategy spsc.Option) {
				s, r := spsc.New[int](capacity, strategy)
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
// the receiver at the end of the stream, anybody by Closed.
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
			checkAll(t, 0, func(m *model.T, strategy spsc.Option) {
				s, r := spsc.New[int](1, strategy)
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
			checkAll(t, 2, func(m *model.T, strategy spsc.Option) {
				s, r := spsc.New[int](1, strategy)
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
		})
	}
}
