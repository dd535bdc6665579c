//go:build !model

package spsc_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/litesync/litesync"
	"github.com/litesync/litesync/internal/trial"
	"github.com/litesync/litesync/lockfree/ring"
	"github.com/litesync/litesync/lockfree/spsc"
	"github.com/litesync/litesync/lockfree/waker"
	"github.com/litesync/litesync/pad"
)

var strategies = map[string]spsc.Strategy{"Park": spsc.Park, "Yield": spsc.Yield, "Spin": spsc.Spin}

// rounds is how often a stress tries.
func rounds(n int) int {
	if testing.Short() {
		n /= 20
	}
	if raceEnabled {
		n /= 4
	}
	return n
}

// run runs the functions at once, fails the test if they have not returned
// after a while, which in these tests means that they never will, and checks
// that no goroutine is left behind.
func run(t testing.TB, fs ...func()) {
	t.Helper()
	before := runtime.NumGoroutine()
	done := make(chan struct{})
	for _, f := range fs {
		go func() {
			defer func() { done <- struct{}{} }()
			f()
		}()
	}
	late := time.NewTimer(30 * time.Second)
	defer late.Stop()
	for range fs {
		select {
		case <-done:
		case <-late.C:
			t.Fatalf("blocked\n%s", stacks())
		}
	}
	for end := time.Now().Add(5 * time.Second); runtime.NumGoroutine() > before; runtime.Gosched() {
		if time.Now().After(end) {
			t.Fatalf("%d goroutines before, %d after\n%s", before, runtime.NumGoroutine(), stacks())
		}
	}
}

func stacks() string {
	buf := make([]byte, 1<<18)
	return string(buf[:runtime.Stack(buf, true)])
}

// asleep waits until a goroutine sleeps in the method of that name.
func asleep(t testing.TB, method string) { waits(t, method, true) }

// waits waits until a goroutine is in the method of that name, and asleep there
// if it has to be.
func waits(t testing.TB, method string, asleep bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); ; runtime.Gosched() {
		for _, g := range strings.Split(stacks(), "\n\n") {
			head, _, _ := strings.Cut(g, "\n")
			there := strings.Contains(g, "])."+method+"(")
			if asleep && there && !strings.Contains(head, "runn") || !asleep && there && strings.Contains(g, ").wait(") {
				return
			}
		}
		if time.Now().After(end) {
			t.Fatalf("nobody waits in %s\n%s", method, stacks())
		}
	}
}

var errCause = errors.New("cause")

// done is a context that is done, because of errCause.
func done() context.Context {
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(errCause)
	return ctx
}

// flag is a waker that counts.
type flag int

func (f *flag) Wake() { *f++ }

func TestMisuse(t *testing.T) {
	trial.Panics(t, "spsc: New: capacity 0", func() { spsc.New[int](0) })
	trial.Panics(t, "spsc: New: capacity -1", func() { spsc.New[int](-1) })
	trial.Panics(t, "spsc: New: capacity 1073741825", func() { spsc.New[struct{}](ring.MaxCapacity + 1) })
	trial.Panics(t, "spsc: WithStrategy: s is 9", func() { spsc.WithStrategy(9) })

	s, r := spsc.New[int](2)
	var nilctx context.Context
	trial.Panics(t, "spsc: Sender.SendContext: ctx is nil", func() { s.SendContext(nilctx, 1) })
	trial.Panics(t, "spsc: Sender.SendSliceContext: ctx is nil", func() { s.SendSliceContext(nilctx, nil) })
	trial.Panics(t, "spsc: Receiver.RecvContext: ctx is nil", func() { r.RecvContext(nilctx) })
	trial.Panics(t, "spsc: Receiver.RecvSliceContext: ctx is nil", func() { r.RecvSliceContext(nilctx, nil) })
	trial.Panics(t, "spsc: Receiver.RecvFullContext: ctx is nil", func() { r.RecvFullContext(nilctx, nil) })
	trial.Panics(t, "spsc: Sender.Poll: w is nil", func() { s.Poll(nil) })
	trial.Panics(t, "spsc: Receiver.Poll: w is nil", func() { r.Poll(nil) })
	trial.Panics(t, "spsc: Sender.Reserve: n is -1", func() { s.Reserve(-1) })
	trial.Panics(t, "spsc: Sender.Commit: n is -1", func() { s.Commit(-1) })
	trial.Panics(t, "spsc: Sender.Commit: n is 1, but 0", func() { s.Commit(1) })
	s.Reserve(3)
	trial.Panics(t, "spsc: Sender.Commit: n is 3, but 2", func() { s.Commit(3) })
	trial.Panics(t, "spsc: Receiver.PeekSlice: n is -1", func() { r.PeekSlice(-1) })
	trial.Panics(t, "spsc: Receiver.Discard: n is -1", func() { r.Discard(-1) })

	// The channel stays usable.
	if err := s.Commit(0); err != nil {
		t.Fatal(err)
	}
	s.Send(7)
	if v, ok := r.Recv(); v != 7 || !ok {
		t.Fatalf("Recv: %d, %v", v, ok)
	}
}

// Beside the slots a channel takes no more than its two ends are apart, and is
// aligned to that.
func TestSize(t *testing.T) {
	if spsc.Size%pad.Size != 0 || pad.Size == 128 && spsc.Size != 2*pad.Size {
		t.Errorf("a channel takes %d bytes", spsc.Size)
	}
	if spsc.Apart%pad.Size != 0 {
		t.Errorf("the ends are %d bytes apart", spsc.Apart)
	}
	if strconv.IntSize == 32 {
		return // The allocator puts 8 bytes of its own before it.
	}
	aligned[int](t)
	aligned[*int](t)
	aligned[string](t)
	aligned[[]byte](t)
	aligned[uint32](t)
	aligned[bool](t)
	aligned[struct{}](t)
	aligned[[3]byte](t)
	aligned[[15]byte](t)
	aligned[[9]*int](t)
}

func aligned[T any](t *testing.T) {
	for capacity := range 40 {
		for range 20 {
			s, _ := spsc.New[T](capacity + 1)
			if at := reflect.ValueOf(s).Pointer(); at%pad.Size != 0 {
				t.Fatalf("a channel of %d %T is at %#x, not aligned to %d", capacity+1, *new(T), at, pad.Size)
			}
		}
	}
}

func TestErrors(t *testing.T) {
	for _, err := range []error{spsc.ErrFull, spsc.ErrEmpty, spsc.ErrClosed} {
		if !strings.HasPrefix(err.Error(), "spsc: ") || !errors.Is(fmt.Errorf("wrapped: %w", err), err) {
			t.Errorf("%v", err)
		}
	}
}

// One goroutine at both ends; every method at full, empty and closed.
func TestTry(t *testing.T) {
	s, r := spsc.New[int](3)
	check := func(what string, got, want any) {
		t.Helper()
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: %v, want %v", what, got, want)
		}
	}
	two := func(a, b any) []any { return []any{a, b} }
	three := func(v int, err error) []any { return two(v, err) }
	buf := make([]int, 8)

	check("empty TryRecv", three(r.TryRecv()), two(0, spsc.ErrEmpty))
	check("empty TryRecvSlice", three(r.TryRecvSlice(buf)), two(0, spsc.ErrEmpty))
	check("nil TryRecvSlice", three(r.TryRecvSlice(nil)), two(0, nil))
	check("nil RecvSlice", three(r.RecvSlice(nil)), two(0, nil))
	check("nil RecvFull", three(r.RecvFull(nil)), two(0, nil))
	check("nil SendSlice", three(s.SendSlice(nil)), two(0, nil))
	check("nil TrySendSlice", three(s.TrySendSlice(nil)), two(0, nil))
	check("empty Clear", r.Clear(), 0)
	check("Cap", two(s.Cap(), r.Cap()), two(3, 3))
	if _, ok := r.Peek(); ok {
		t.Error("Peek found a value")
	}

	check("TrySendSlice", three(s.TrySendSlice([]int{1, 2, 3, 4})), two(3, spsc.ErrFull))
	check("full TrySend", s.TrySend(5), spsc.ErrFull)
	check("full TrySendSlice", three(s.TrySendSlice([]int{5})), two(0, spsc.ErrFull))
	check("done SendContext", s.SendContext(done(), 5), errCause)
	check("done SendSliceContext", three(s.SendSliceContext(done(), []int{5})), two(0, errCause))
	check("Len, Free", two(s.Len(), s.Free()), two(3, 0))
	if p, ok := r.Peek(); !ok || *p != 1 {
		t.Error("Peek")
	}
	a, b := r.PeekSlice(9)
	check("PeekSlice", slices.Concat(a, b), []int{1, 2, 3})
	check("Discard", r.Discard(1), 1)
	check("room for one, done context", three(s.SendSliceContext(done(), []int{4, 5})), two(1, errCause))
	check("item there, done context", three(r.RecvContext(done())), two(2, nil))
	check("too few, done context", three(r.RecvFullContext(done(), buf)), two(2, errCause))
	check("RecvFull", buf[:2], []int{3, 4})
	check("done RecvContext", three(r.RecvContext(done())), two(0, errCause))
	check("done RecvSliceContext", three(r.RecvSliceContext(done(), buf)), two(0, errCause))

	a, b = s.Reserve(9)
	check("Reserve", len(a)+len(b), 3)
	for i := range a {
		a[i] = 6 + i
	}
	for i := range b {
		b[i] = 6 + len(a) + i
	}
	check("Commit", s.Commit(1), nil)
	check("Commit", s.Commit(1), nil)
	s.Close()
	check("closed Commit", s.Commit(1), spsc.ErrClosed)
	check("closed Send", s.Send(1), spsc.ErrClosed)
	check("closed TrySend", s.TrySend(1), spsc.ErrClosed)
	check("closed SendSlice", three(s.SendSlice([]int{1})), two(0, spsc.ErrClosed))
	check("closed TrySendSlice", three(s.TrySendSlice([]int{1})), two(0, spsc.ErrClosed))
	check("closed nil SendSlice", three(s.SendSlice(nil)), two(0, nil))
	check("closed, done context", s.SendContext(done(), 1), spsc.ErrClosed)
	a, b = s.Reserve(1)
	check("closed Reserve", len(a)+len(b), 0)
	check("Closed", two(s.Closed(), r.Closed()), two(true, false))
	check("Len", two(s.Len(), r.Len()), two(2, 2))
	check("RecvSlice", three(r.RecvSlice(buf[:1])), two(1, nil))
	check("RecvFull", three(r.RecvFull(buf[1:])), two(1, spsc.ErrClosed))
	check("received", buf[:2], []int{6, 7})
	check("Closed", two(s.Closed(), r.Closed()), two(true, true))
	check("closed TryRecv", three(r.TryRecv()), two(0, spsc.ErrClosed))
	check("closed TryRecvSlice", three(r.TryRecvSlice(buf)), two(0, spsc.ErrClosed))
	check("closed, done context", three(r.RecvContext(done())), two(0, spsc.ErrClosed))
	v, ok := r.Recv()
	check("closed Recv", two(v, ok), two(0, false))
	var w flag
	check("closed Poll", two(s.Poll(&w), r.Poll(&w)), two(spsc.ErrClosed, spsc.ErrClosed))
	s.Close()
	r.Close()
	r.Close()
}

func TestReceiverClose(t *testing.T) {
	s, r := spsc.New[int](3)
	s.SendSlice([]int{1, 2})
	s.Reserve(1)
	r.Close()
	if err := s.Send(3); err != spsc.ErrClosed {
		t.Errorf("Send: %v", err)
	}
	if err := s.Commit(1); err != spsc.ErrClosed {
		t.Errorf("Commit: %v", err)
	}
	if !s.Closed() || r.Closed() || s.Len() != 2 {
		t.Errorf("Closed %v, %v, Len %d", s.Closed(), r.Closed(), s.Len())
	}
	got := slices.Collect(r.All())
	if v, err := r.TryRecv(); !slices.Equal(got, []int{1, 2}) || err != spsc.ErrClosed {
		t.Errorf("%v, then %d, %v", got, v, err)
	}
	if !r.Closed() || r.Discard(1) != 0 || r.Clear() != 0 {
		t.Error("something is left")
	}
}

// Breaking out of an iterator leaves the rest.
func TestIterators(t *testing.T) {
	s, r := spsc.New[int](4)
	s.SendSlice([]int{1, 2, 3, 4})
	for range r.All() {
		break
	}
	for range r.Drain() {
		break
	}
	if got := slices.Collect(r.Drain()); !slices.Equal(got, []int{3, 4}) {
		t.Errorf("%v", got)
	}
	run(t, func() {
		for i := range 100 {
			s.Send(i)
		}
		s.Close()
	}, func() {
		i := 0
		for v := range r.All() {
			if v != i {
				t.Errorf("%d, want %d", v, i)
			}
			i++
		}
		if i != 100 {
			t.Errorf("%d values", i)
		}
	})
}

func TestInline(t *testing.T) {
	var c struct {
		before byte
		ch     spsc.Inline[string, [4]string]
	}
	s, r := c.ch.Split(spsc.WithStrategy(spsc.Yield))
	if s2, r2 := c.ch.Split(); s2 != s || r2 != r || s.Cap() != 4 {
		t.Fatal("Split is not the same again")
	}
	run(t, func() {
		for i := range 100 {
			s.Send(fmt.Sprint(i))
		}
		s.Close()
	}, func() {
		for i := range 100 {
			if v, ok := r.Recv(); v != fmt.Sprint(i) || !ok {
				t.Errorf("%q, %v", v, ok)
			}
		}
	})
}

// Poll registers once, is woken once, and not for each value.
func TestPoll(t *testing.T) {
	for name, strategy := range strategies {
		t.Run(name, func(t *testing.T) {
			s, r := spsc.New[int](4, spsc.WithStrategy(strategy))
			var old, w flag
			if r.Poll(&old) != spsc.ErrEmpty || r.Poll(&w) != spsc.ErrEmpty {
				t.Fatal("Poll of an empty channel")
			}
			for range 4 {
				s.Send(1)
			}
			if old != 0 || w != 1 {
				t.Fatalf("woken %d and %d times", old, w)
			}
			if r.Poll(&w) != nil || s.Poll(&w) != spsc.ErrFull || w != 1 {
				t.Fatal("Poll of a full channel")
			}
			for range 4 {
				r.Recv()
			}
			if s.Poll(&w) != nil || w != 2 {
				t.Fatalf("woken %d times", w)
			}
			if r.Poll(&w) != spsc.ErrEmpty {
				t.Fatal("Poll of an empty channel")
			}
			s.Close()
			if w != 3 || r.Poll(&w) != spsc.ErrClosed || s.Poll(&w) != spsc.ErrClosed {
				t.Fatalf("woken %d times", w)
			}

			s, r = spsc.New[int](1, spsc.WithStrategy(strategy))
			s.Send(1)
			if s.Poll(waker.Func(func() { w = 9 })) != spsc.ErrFull {
				t.Fatal("Poll of a full channel")
			}
			if r.Close(); w != 9 || s.Poll(&w) != spsc.ErrClosed || r.Poll(&w) != nil {
				t.Fatal("Close by the receiver")
			}
		})
	}
}

// A blocking call takes the place of a waker, and a waker that of nobody.
func TestPollThenBlock(t *testing.T) {
	s, r := spsc.New[int](1)
	var w flag
	r.Poll(&w)
	run(t, func() {
		if v, ok := r.Recv(); v != 5 || !ok {
			t.Errorf("%d, %v", v, ok)
		}
	}, func() {
		s.Send(5)
	})
	if v := r.Poll(&w); v != spsc.ErrEmpty {
		t.Fatal(v)
	}
	before := w
	if s.Send(6); w != before+1 {
		t.Fatalf("woken %d times", w-before)
	}
}

// A goroutine that polls and sleeps on a channel of its own, at each end.
func TestPollStress(t *testing.T) {
	n := rounds(200_000)
	for name, strategy := range strategies {
		t.Run(name, func(t *testing.T) {
			s, r := spsc.New[int](2, spsc.WithStrategy(strategy))
			poller := func(poll func(waker.Waker) error, wait error) {
				c := make(chan struct{}, 1)
				w := waker.Func(func() {
					select {
					case c <- struct{}{}:
					default:
					}
				})
				for poll(w) == wait {
					<-c
				}
			}
			run(t, func() {
				for i := range n {
					for s.TrySend(i) == spsc.ErrFull {
						poller(s.Poll, spsc.ErrFull)
					}
				}
				s.Close()
			}, func() {
				for i := 0; ; {
					switch v, err := r.TryRecv(); {
					case err == spsc.ErrEmpty:
						poller(r.Poll, spsc.ErrEmpty)
					case err == nil && v == i:
						i++
					case err == spsc.ErrClosed && i == n:
						return
					default:
						t.Errorf("%d, %v at %d", v, err, i)
						return
					}
				}
			})
		})
	}
}

// The dump of a goroutine that waits says where.
func TestSleeperShowsInDump(t *testing.T) {
	s, r := spsc.New[int](1)
	run(t, func() { r.Recv() }, func() {
		asleep(t, "Recv")
		s.Send(1)
	})
	s.Send(1)
	run(t, func() { s.Send(2) }, func() {
		asleep(t, "Send")
		r.Recv()
	})
}

// Closing either end ends the wait at the other.
func TestCloseWakes(t *testing.T) {
	for name, strategy := range strategies {
		t.Run(name, func(t *testing.T) {
			for range rounds(40) {
				s, r := spsc.New[int](1, spsc.WithStrategy(strategy))
				run(t, func() {
					if v, ok := r.Recv(); ok {
						t.Errorf("received %d", v)
					}
				}, func() {
					waits(t, "Recv", strategy == spsc.Park)
					s.Close()
				})
				s, r = spsc.New[int](1, spsc.WithStrategy(strategy))
				s.Send(1)
				run(t, func() {
					if n, err := s.SendSlice([]int{2, 3}); n != 0 || err != spsc.ErrClosed {
						t.Errorf("sent %d, %v", n, err)
					}
				}, func() {
					waits(t, "SendSlice", strategy == spsc.Park)
					r.Close()
				})
				if got := slices.Collect(r.Drain()); !slices.Equal(got, []int{1}) {
					t.Errorf("drained %v", got)
				}
			}
		})
	}
}

// On one P who waits lets the other one run before it sleeps. What that one does
// then, or only after some passes more, it finds as if it had slept, and waits for it.
func TestWhilePassing(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	for i := range rounds(6000) {
		for _, what := range []struct{ moves, closes bool }{{true, false}, {false, true}, {true, true}} {
			var did bool
			other := func(move, close func()) func() {
				did = false
				return func() {
					for range i % 3 {
						runtime.Gosched()
					}
					did = true
					if what.moves {
						move()
					}
					if what.closes {
						close()
					}
				}
			}
			s, r := spsc.New[int](1)
			run(t, other(func() { s.Send(7) }, s.Close), func() { // runs first, as a rule
				if v, ok := r.Recv(); !did || ok != what.moves || ok != (v == 7) {
					t.Errorf("%v: Recv: %d, %v", what, v, ok)
				}
			})

			s, r = spsc.New[int](1)
			s.Send(7)
			var got []int
			var err error
			run(t, other(func() { v, _ := r.Recv(); got = append(got, v) }, r.Close), func() {
				err = s.Send(8)
				if !did || err != nil && (err != spsc.ErrClosed || !what.closes) || err == nil && !what.moves {
					t.Errorf("%v: Send: %v", what, err)
				}
			})
			want := []int{7, 8}
			if err != nil {
				want = want[:1]
			}
			if got = slices.AppendSeq(got, r.Drain()); !slices.Equal(got, want) {
				t.Errorf("%v: Send: %v, received %v", what, err, got)
			}
		}
	}
}

// counter is a Parker that counts its wakes.
type counter struct {
	waker.Parker
	wakes litesync.Uint32
}

func (c *counter) Wake() {
	c.wakes.Add(1)
	c.Parker.Wake()
}

// Whoever polls is woken at most once for it, however many items move.
func TestNoWakePerItem(t *testing.T) {
	const capacity = 64
	n := rounds(100_000)
	for name, strategy := range strategies {
		t.Run(name, func(t *testing.T) {
			s, r := spsc.New[int](capacity, spsc.WithStrategy(strategy))
			var w [2]counter
			var polls [2]uint32
			run(t, func() {
				for i := 0; i < n; {
					if s.TrySend(i) == nil {
						i++
					} else if polls[0]++; s.Poll(&w[0]) == spsc.ErrFull {
						w[0].Park()
					}
				}
				s.Close()
			}, func() {
				for {
					if _, err := r.TryRecv(); err == spsc.ErrClosed {
						return
					} else if err == spsc.ErrEmpty {
						if polls[1]++; r.Poll(&w[1]) == spsc.ErrEmpty {
							w[1].Park()
						}
					}
				}
			})
			for i := range w {
				if got := w[i].wakes.Load(); got > polls[i] {
					t.Errorf("end %d: %d wakes, %d polls", i, got, polls[i])
				}
			}
			t.Logf("%d items, polls %v", n, polls)
		})
	}
}

// settle moves so many values that both ends become calm.
func settle(s *spsc.Sender[int], r *spsc.Receiver[int]) {
	for i := range spsc.CalmAfter {
		s.Send(i)
		r.Recv()
	}
}

// An end that is calm wakes whoever sleeps, polls or closes.
func TestCalm(t *testing.T) {
	s, r := spsc.New[int](1)
	settle(s, r)
	run(t, func() {
		if v, ok := r.Recv(); v != 1 || !ok {
			t.Errorf("received %d, %v", v, ok)
		}
	}, func() {
		asleep(t, "Recv")
		s.Send(1)
	})
	settle(s, r)
	s.Send(1)
	run(t, func() {
		if err := s.Send(2); err != nil {
			t.Errorf("Send: %v", err)
		}
	}, func() {
		asleep(t, "Send")
		r.Recv()
	})
	r.Recv()
	settle(s, r)
	var w flag
	if r.Poll(&w) != spsc.ErrEmpty || s.Send(1) != nil || w != 1 {
		t.Errorf("the receiver was woken %d times", w)
	}
	if s.Poll(&w) != spsc.ErrFull {
		t.Error("Poll of a full channel")
	}
	if r.Recv(); w != 2 {
		t.Errorf("the sender was woken %d times", w-1)
	}
	settle(s, r)
	if r.Close(); s.Send(1) != spsc.ErrClosed {
		t.Error("sent after Close")
	}
}

// Bursts so long that both ends become calm, with pauses in which the receiver
// goes to sleep just when the next burst begins, or nearly.
func TestCalmStress(t *testing.T) {
	const burst = spsc.CalmAfter + 100
	n := rounds(200)
	s, r := spsc.New[int](burst / 100)
	run(t, func() {
		rnd := rand.New(rand.NewPCG(7, 8))
		for range n {
			for i := range burst {
				s.Send(i)
			}
			for range rnd.IntN(4000) {
				litesync.Pause()
			}
		}
		s.Close()
	}, func() {
		got := 0
		for v := range r.All() {
			if v != got%burst {
				t.Fatalf("%d: received %d", got, v)
			}
			got++
		}
		if got != n*burst {
			t.Errorf("%d of %d values", got, n*burst)
		}
	})
}
