//go:build !model

package spsc_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"
	"weak"

	"github.com/litesync/litesync"
	"github.com/litesync/litesync/lockfree/spsc"
	"github.com/litesync/litesync/lockfree/waker"
)

// gate lets two goroutines start a round at the same moment, or nearly.
type gate struct{ n litesync.Uint32 }

func (g *gate) pass(round int, late int) {
	g.n.Add(1)
	for i := 0; g.n.Load() < uint32(2*round+2); i++ {
		if i%100 == 99 {
			runtime.Gosched()
		}
	}
	for range late {
		litesync.Pause()
	}
}

// sendAny sends the values from next on, up to limit, by a random method. It
// returns how many were accepted.
func sendAny(s *spsc.Sender[int], r *rand.Rand, next, limit int) (int, error) {
	vs := make([]int, min(1+r.IntN(5), limit-next))
	for i := range vs {
		vs[i] = next + i
	}
	one := func(err error) (int, error) {
		if err != nil {
			return 0, err
		}
		return 1, nil
	}
	switch r.IntN(7) {
	case 0:
		return one(s.Send(next))
	case 1:
		return one(s.TrySend(next))
	case 2:
		return one(s.SendContext(context.Background(), next))
	case 3:
		return s.SendSlice(vs)
	case 4:
		return s.TrySendSlice(vs)
	case 5:
		return s.SendSliceContext(context.Background(), vs)
	default:
		a, b := s.Reserve(len(vs))
		copy(b, vs[copy(a, vs):])
		n := len(a) + len(b)
		if n == 0 {
			return one(s.TrySend(next))
		}
		if err := s.Commit(n); err != nil {
			return 0, err
		}
		return n, nil
	}
}

// recvAny receives some values by a random method.
func recvAny(c *spsc.Receiver[int], r *rand.Rand) ([]int, error) {
	dst := make([]int, 1+r.IntN(5))
	one := func(v int, err error) ([]int, error) {
		if err != nil {
			return nil, err
		}
		return []int{v}, nil
	}
	switch r.IntN(8) {
	case 0:
		v, ok := c.Recv()
		if !ok {
			return nil, spsc.ErrClosed
		}
		return []int{v}, nil
	case 1:
		return one(c.TryRecv())
	case 2:
		return one(c.RecvContext(context.Background()))
	case 3:
		n, err := c.RecvSlice(dst)
		return dst[:n], err
	case 4:
		n, err := c.TryRecvSlice(dst)
		return dst[:n], err
	case 5:
		n, err := c.RecvFull(dst)
		return dst[:n], err
	case 6:
		if p, ok := c.Peek(); ok {
			v := *p
			c.Discard(1)
			return []int{v}, nil
		}
		return one(c.TryRecv())
	default:
		a, b := c.PeekSlice(len(dst))
		n := copy(dst, a)
		n += copy(dst[n:], b)
		if got := c.Discard(n); got != n {
			return nil, fmt.Errorf("Discard(%d) of peeked values: %d", n, got)
		}
		if n == 0 {
			return one(c.TryRecv())
		}
		return dst[:n], nil
	}
}

// Each round one or both ends close in the middle of a stream. Every value that
// was accepted arrives, in order, before the receiver is told the end; nothing
// else does.
func TestCloseRace(t *testing.T) {
	n := rounds(8_000)
	type pair struct {
		s               *spsc.Sender[int]
		r               *spsc.Receiver[int]
		sAfter, rAfter  int // Where in the stream each end closes, if ever.
		sLate, rLate    int
		accepted, ended int
	}
	for name, strategy := range strategies {
		t.Run(name, func(t *testing.T) {
			rnd := rand.New(rand.NewPCG(1, uint64(strategy)))
			const never = 50
			ps := make([]pair, n)
			for i := range ps {
				p := &ps[i]
				p.s, p.r = spsc.New[int](1+rnd.IntN(4), spsc.WithStrategy(strategy))
				p.sAfter, p.rAfter = never, never
				p.sLate, p.rLate = rnd.IntN(10), rnd.IntN(10)
				switch rnd.IntN(3) {
				case 0:
					p.sAfter = rnd.IntN(never)
				case 1:
					p.rAfter = rnd.IntN(12)
				case 2:
					p.sAfter, p.rAfter = rnd.IntN(12), rnd.IntN(12)
				}
			}
			var g gate
			run(t, func() {
				rnd := rand.New(rand.NewPCG(2, uint64(strategy)))
				for i := range ps {
					p := &ps[i]
					g.pass(i, p.sLate)
					for p.accepted < p.sAfter {
						k, err := sendAny(p.s, rnd, p.accepted, p.sAfter)
						p.accepted += k
						if err == spsc.ErrClosed {
							break
						}
						if err != nil && err != spsc.ErrFull {
							t.Errorf("send: %v", err)
						}
						if err == spsc.ErrFull {
							runtime.Gosched()
						}
					}
					p.s.Close()
				}
			}, func() {
				rnd := rand.New(rand.NewPCG(3, uint64(strategy)))
				for i := range ps {
					p := &ps[i]
					g.pass(i, p.rLate)
					for closed := false; ; {
						if !closed && p.ended >= p.rAfter {
							p.r.Close()
							closed = true
						}
						vs, err := recvAny(p.r, rnd)
						for _, v := range vs {
							if v != p.ended {
								t.Errorf("round %d: received %d, want %d", i, v, p.ended)
							}
							p.ended++
						}
						if err == spsc.ErrClosed {
							break
						}
						if err == spsc.ErrEmpty {
							if closed {
								t.Errorf("round %d: empty after Close", i)
							}
							runtime.Gosched()
						} else if err != nil {
							t.Errorf("receive: %v", err)
						}
					}
				}
			})
			for i := range ps {
				p := &ps[i]
				if p.accepted != p.ended {
					t.Errorf("round %d: accepted %d, received %d (%+v)", i, p.accepted, p.ended, *p)
				}
				if !p.r.Closed() || !p.s.Closed() || p.r.Len() != 0 {
					t.Errorf("round %d: Closed %v, %v, Len %d", i, p.r.Closed(), p.s.Closed(), p.r.Len())
				}
			}
		})
	}
}

// A few sends against one Close of the receiver, as close to each other as can
// be. A value that was refused is neither counted nor received.
func TestCloseAgainstSend(t *testing.T) {
	for _, strategy := range strategies {
		n := rounds(10_000)
		var g gate
		accepted, received := make([]int, n), make([]int, n)
		type pair struct {
			s *spsc.Sender[int]
			r *spsc.Receiver[int]
		}
		ps := make([]pair, n)
		for i := range ps {
			s, r := spsc.New[int](4, spsc.WithStrategy(strategy))
			if i%16 == 0 {
				settle(s, r)
			}
			ps[i] = pair{s, r}
		}
		run(t, func() {
			for i, p := range ps {
				g.pass(i, i%7)
				if p.s.Send(1) == nil {
					accepted[i]++
				}
				if k, err := p.s.SendSlice([]int{1, 1}); (err == nil) != (k == 2) {
					t.Errorf("SendSlice: %d, %v", k, err)
				} else {
					accepted[i] += k
				}
				if err := p.s.Send(1); err == nil {
					accepted[i]++
				}
			}
		}, func() {
			for i, p := range ps {
				g.pass(i, i%11)
				p.r.Close()
				for range p.r.All() {
					received[i]++
				}
				if _, err := p.r.TryRecv(); err != spsc.ErrClosed {
					t.Errorf("after the drain: %v", err)
				}
			}
		})
		refused := 0
		for i := range n {
			if accepted[i] != received[i] {
				t.Errorf("round %d: accepted %d, received %d", i, accepted[i], received[i])
			}
			refused += 4 - accepted[i]
		}
		t.Logf("%d of %d values refused", refused, 4*n)
	}
}

// Anybody may ask how full a channel is and whether it is closed, while either end
// moves and closes.
func TestObserver(t *testing.T) {
	const capacity, values = 3, 500
	for name, strategy := range strategies {
		t.Run(name, func(t *testing.T) {
			for i := range rounds(400) {
				s, r := spsc.New[int](capacity, spsc.WithStrategy(strategy))
				run(t, func() {
					for v := range values {
						if s.Send(v) != nil {
							return
						}
					}
					s.Close()
				}, func() {
					for v := range r.All() {
						if i%2 == 0 && v == values/2 {
							r.Close()
						}
					}
				}, func() {
					for end := false; !end; runtime.Gosched() {
						end = r.Closed()
						refused := s.Closed()
						for _, n := range []int{s.Len(), r.Len(), s.Free()} {
							if n < 0 || n > capacity {
								t.Errorf("%d of %d", n, capacity)
							}
						}
						if end && (!refused || r.Len() != 0 || s.Free() != capacity) {
							t.Errorf("at the end Sender.Closed %v, Len %d, Free %d", refused, r.Len(), s.Free())
						}
					}
				})
			}
		})
	}
}

// A context is done at any point of a send and of a receive. What was refused
// was not sent, what was not received is still there.
func TestCancelRace(t *testing.T) {
	n := rounds(10_000)
	for name, strategy := range strategies {
		t.Run(name, func(t *testing.T) {
			s, r := spsc.New[int](1, spsc.WithStrategy(strategy))
			cancels := make(chan context.CancelCauseFunc)
			ctx := func() context.Context {
				ctx, cancel := context.WithCancelCause(context.Background())
				cancels <- cancel
				return ctx
			}
			sent, received, gaveUp := 0, 0, 0
			sum := func(dst []int) {
				for _, v := range dst {
					if v != received {
						t.Errorf("received %d, want %d", v, received)
					}
					received++
				}
			}
			ends := make(chan struct{}, 2)
			run(t, func() {
				rnd := rand.New(rand.NewPCG(4, uint64(strategy)))
				for range n {
					var err error
					if rnd.IntN(2) == 0 {
						if err = s.SendContext(ctx(), sent); err == nil {
							sent++
						}
					} else {
						var k int
						k, err = s.SendSliceContext(ctx(), []int{sent, sent + 1, sent + 2})
						sent += k
						if (err == nil) != (k == 3) {
							t.Errorf("sent %d with %v", k, err)
						}
					}
					if err != nil && err != errCause {
						t.Errorf("send: %v", err)
					}
				}
				s.Close()
				ends <- struct{}{}
			}, func() {
				rnd := rand.New(rand.NewPCG(5, uint64(strategy)))
				for {
					var err error
					dst := make([]int, 3)
					switch rnd.IntN(3) {
					case 0:
						if dst[0], err = r.RecvContext(ctx()); err == nil {
							sum(dst[:1])
						}
					case 1:
						var k int
						k, err = r.RecvSliceContext(ctx(), dst)
						sum(dst[:k])
					case 2:
						var k int
						k, err = r.RecvFullContext(ctx(), dst)
						sum(dst[:k])
					}
					if err == spsc.ErrClosed {
						break
					}
					if err == errCause {
						gaveUp++
					} else if err != nil {
						t.Errorf("receive: %v", err)
					}
				}
				ends <- struct{}{}
			}, func() {
				rnd := rand.New(rand.NewPCG(6, uint64(strategy)))
				for left := 2; left > 0; {
					select {
					case cancel := <-cancels:
						for range rnd.IntN(20) {
							litesync.Pause()
						}
						cancel(errCause)
					case <-ends:
						left--
					}
				}
			})
			if sent != received {
				t.Errorf("sent %d, received %d", sent, received)
			}
			t.Logf("sent %d, gave up %d receives", sent, gaveUp)
		})
	}
}

// What was refused is not kept alive by a channel that both ends have closed.
func TestRefusedIsDropped(t *testing.T) {
	for name, refused := range map[string]func(s *spsc.Sender[*[64]byte], r *spsc.Receiver[*[64]byte], v *[64]byte) error{
		"closed before": func(s *spsc.Sender[*[64]byte], r *spsc.Receiver[*[64]byte], v *[64]byte) error {
			defer s.Close()
			r.Close()
			return s.Send(v)
		},
		"closed while it waits": func(s *spsc.Sender[*[64]byte], r *spsc.Receiver[*[64]byte], v *[64]byte) (err error) {
			defer s.Close()
			s.Send(nil)
			run(t, func() { err = s.Send(v) }, func() {
				asleep(t, "Send")
				r.Close()
			})
			return err
		},
		"closed at once": func(s *spsc.Sender[*[64]byte], r *spsc.Receiver[*[64]byte], v *[64]byte) (err error) {
			s.Send(nil)
			s.Poll(waker.Func(func() { // Within r.Close.
				err = s.Send(v)
				v = nil // The channel keeps the Waker.
				s.Close()
			}))
			r.Close()
			return err
		},
	} {
		s, r := spsc.New[*[64]byte](1)
		v := new([64]byte)
		w := weak.Make(v)
		if err := refused(s, r, v); err != spsc.ErrClosed {
			t.Errorf("%s: %v", name, err)
		}
		runtime.GC()
		if w.Value() != nil {
			t.Errorf("%s: it is kept", name)
		}
		runtime.KeepAlive(r)
	}
}
