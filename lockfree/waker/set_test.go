//go:build !model

package waker_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/litesync/litesync/internal/trial"
	"github.com/litesync/litesync/lockfree/waker"
)

func TestSet(t *testing.T) {
	for _, n := range []int{1, 63, 64, 65, 4096, 4097, waker.MaxSources} {
		s := waker.NewSet(n)
		if s.Cap() != n {
			t.Errorf("Cap %d, want %d", s.Cap(), n)
		}
		if i, ok := s.TryWait(); ok {
			t.Errorf("capacity %d: source %d is ready from the start", n, i)
		}
		for _, i := range []int{0, n / 2, n - 1} {
			w := s.Waker(i)
			w.Wake()
			w.Wake()
			if got := s.Wait(); got != i {
				t.Errorf("capacity %d: source %d, want %d", n, got, i)
			}
			if got, ok := s.TryWait(); ok {
				t.Errorf("capacity %d: source %d given again", n, got)
			}
		}
		for i := range n {
			s.Waker(i).Wake()
		}
		given := make([]int, n)
		for i := range s.Drain() {
			given[i]++
		}
		for i, k := range given {
			if k != 1 {
				t.Fatalf("capacity %d: source %d given %d times", n, i, k)
			}
		}
	}
}

func TestSetPanics(t *testing.T) {
	s := waker.NewSet(70)
	var none context.Context
	for want, f := range map[string]func(){
		"waker: NewSet: capacity 0 ":         func() { waker.NewSet(0) },
		"waker: NewSet: capacity 65537 ":     func() { waker.NewSet(waker.MaxSources + 1) },
		"waker: Set.Waker: i is -1,":         func() { s.Waker(-1) },
		"waker: Set.Waker: i is 70,":         func() { s.Waker(70) },
		"waker: Set.WaitContext: ctx is nil": func() { s.WaitContext(none) },
		"waker: Set.Poll: w is nil":          func() { s.Poll(nil) },
	} {
		if msg := trial.Panic(f); !strings.HasPrefix(msg, want) {
			t.Errorf("panic %q, want %q", msg, want)
		}
	}
	s.Waker(69).Wake()
	if i := s.Wait(); i != 69 {
		t.Errorf("source %d, want 69", i)
	}
}

// Each way to wait sleeps until a source is woken.
func TestSetWaits(t *testing.T) {
	waits := map[string]func(*waker.Set) int{
		"Wait": (*waker.Set).Wait,
		"WaitContext": func(s *waker.Set) int {
			i, err := s.WaitContext(context.Background())
			if err != nil {
				return -1
			}
			return i
		},
		"All": func(s *waker.Set) int {
			for i := range s.All() {
				return i
			}
			return -1
		},
		"Poll": func(s *waker.Set) int {
			c := waker.NewChan()
			for !s.Poll(c) {
				<-c.C()
			}
			return s.Wait()
		},
	}
	for name, wait := range waits {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := waker.NewSet(100)
				got := make(chan int, 1)
				for i := range 3 { // A Waker that Poll has left does not hurt.
					go func() { got <- wait(s) }()
					synctest.Wait()
					select {
					case i := <-got:
						t.Fatalf("returns %d without a wake", i)
					default:
					}
					s.Waker(i * 40).Wake()
					if j := <-got; j != i*40 {
						t.Fatalf("returns %d, want %d", j, i*40)
					}
				}
			})
		})
	}
}

func TestSetContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := waker.NewSet(10)
		cause := errors.New("cause")
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Second, func() { cancel(cause) })
		if _, err := s.WaitContext(ctx); err != cause {
			t.Errorf("%v, want the cause", err)
		}
		if _, err := s.WaitContext(ctx); err != cause {
			t.Errorf("done before: %v, want the cause", err)
		}
		s.Waker(7).Wake()
		if i, err := s.WaitContext(ctx); i != 7 || err != nil {
			t.Errorf("ready and done: %d, %v", i, err)
		}
	})
}

// Whoever breaks out of an iterator gets the rest later.
func TestSetBreak(t *testing.T) {
	s := waker.NewSet(200)
	left := map[int]bool{}
	for i := 0; i < 200; i += 10 {
		s.Waker(i).Wake()
		left[i] = true
	}
	for n := 0; len(left) > 0; n++ {
		seq := s.All()
		if n%2 == 1 {
			seq = s.Drain()
		}
		for i := range seq {
			if !left[i] {
				t.Fatalf("%d was given before, or never woken", i)
			}
			delete(left, i)
			break
		}
	}
	if i, ok := s.TryWait(); ok {
		t.Errorf("%d is left", i)
	}
}

// Sources that are ready all the time do not keep another from its turn: each
// is given twice at most before.
func TestSetFair(t *testing.T) {
	const n = 3 * 4096
	s := waker.NewSet(n)
	for _, greedy := range [][]int{{0}, {0, 1, 2}, {0, 64, 65}, {0, 4096, 8192}, {n - 1}, {1, n - 1}} {
		for _, modest := range []int{5, 63, 100, 4095, 4097, n - 2} {
			for i := range s.Drain() {
				t.Fatalf("%d is left", i)
			}
			for _, g := range greedy {
				s.Waker(g).Wake()
			}
			given := map[int]int{}
			for turn := 0; given[modest] == 0; turn++ {
				if turn == len(greedy) { // In the middle of it.
					clear(given)
					s.Waker(modest).Wake()
				}
				i := s.Wait()
				if given[i]++; given[i] > 2 && turn >= len(greedy) {
					t.Fatalf("%v greedy: %d is given %d times while %d waits", greedy, i, given[i], modest)
				}
				if i != modest {
					s.Waker(i).Wake()
				}
			}
			for range greedy {
				s.Wait()
			}
		}
	}
}

// Many goroutines wake many sources; each wake is seen, by the sum of what came
// before it. Now and then the waiter gives up.
func TestSetStress(t *testing.T) {
	for _, sources := range []int{1, 10, 100, 1000} {
		t.Run(fmt.Sprint(sources), func(t *testing.T) {
			s := waker.NewSet(sources)
			sums := make([]atomic.Int64, sources)
			const wakers = 4
			each := rounds(400_000)
			trial.Within(t, func() {
				for k := range wakers {
					go func() {
						for i := range each {
							j := (i*7 + k*13) % sources
							sums[j].Add(1)
							s.Waker(j).Wake()
							if i%64 == 0 {
								runtime.Gosched()
							}
						}
					}()
				}
				seen := make([]int64, sources)
				c := waker.NewChan()
				for total, turn := int64(0), 0; total < int64(wakers*each); turn++ {
					var i int
					switch turn % 4 {
					case 0:
						i = s.Wait()
					case 1:
						ctx, cancel := context.WithCancel(t.Context())
						go cancel()
						var err error
						if i, err = s.WaitContext(ctx); err != nil {
							continue
						}
					case 2:
						if !s.Poll(c) {
							<-c.C()
							continue
						}
						i = s.Wait()
					case 3:
						var ok bool
						if i, ok = s.TryWait(); !ok {
							continue
						}
					}
					sum := sums[i].Load()
					total += sum - seen[i]
					seen[i] = sum
				}
			})
		})
	}
}

// One wake at a time, to and fro: a lost one would end it.
func TestSetPingPong(t *testing.T) {
	there, back := waker.NewSet(130), waker.NewSet(1)
	trial.Within(t, func() {
		var wg sync.WaitGroup
		n := rounds(100_000)
		wg.Go(func() {
			for i := range n {
				there.Waker(i * 43 % 130).Wake()
				back.Wait()
			}
		})
		wg.Go(func() {
			for i := range n {
				if got := there.Wait(); got != i*43%130 {
					t.Errorf("source %d, want %d", got, i*43%130)
				}
				back.Waker(0).Wake()
			}
		})
		wg.Wait()
	})
}

func TestSetAllocs(t *testing.T) {
	s := waker.NewSet(100)
	ctx := context.Background()
	var w counter
	if got := testing.AllocsPerRun(100, func() {
		s.Poll(&w)
		s.Waker(70).Wake()
		s.Wait()
		s.Waker(3).Wake()
		s.WaitContext(ctx)
		s.Waker(4).Wake()
		for range s.Drain() {
		}
		s.TryWait()
	}); got != 0 {
		t.Errorf("%v allocations", got)
	}
}
