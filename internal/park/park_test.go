//go:build !model

package park_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
	"unsafe"

	"github.com/litesync/litesync/internal/park"
	"github.com/litesync/litesync/internal/trial"
)

// rounds scales a number of repetitions to the mode of the test run.
func rounds(n int) int {
	if testing.Short() {
		return n / 50
	}
	return n
}

func TestSize(t *testing.T) {
	if got := unsafe.Sizeof(park.Parker{}); got > parkerSize {
		t.Errorf("a Parker has %d bytes, want at most %d", got, parkerSize)
	}
}

func TestPermit(t *testing.T) {
	var p park.Parker
	if p.TryTake() {
		t.Error("the zero value has a permit")
	}
	p.Wake()
	p.Wake()
	if !p.TryTake() {
		t.Error("no permit after Wake")
	}
	if p.TryTake() {
		t.Error("two permits after two wakes")
	}
	p.Wake()
	trial.Within(t, func() { p.Park("test") })
	if p.TryTake() {
		t.Error("Park left the permit it took")
	}
}

func TestPoll(t *testing.T) {
	var p park.Parker
	if p.Wake(); !p.Poll("test") {
		t.Error("Poll does not find the permit")
	}
	for range 2 {
		if p.Poll("test") {
			t.Error("Poll finds a permit where there is none")
		}
	}
	if !p.Waiting() {
		t.Error("not waiting after Poll")
	}
	if !p.Wake() {
		t.Error("Wake does not see that the waiter has polled")
	}
	if p.Wake() || p.Waiting() {
		t.Error("a Poll is woken twice")
	}
	if !p.Poll("test") {
		t.Error("Poll does not find the permit that its Wake has left")
	}
	for d := time.Millisecond; ; d *= 2 { // A wait whose time is up before it begins does not wait.
		p.Poll("test")
		if p.ParkTimeout("test", d) {
			t.Error("a wait found a permit where there is none")
		}
		if !p.Wake() {
			break
		}
		if p.TryTake(); d > 5*time.Second {
			t.Fatal("a Poll survives a later wait")
		}
	}
}

// A permit comes before a done context, and a done context before sleep.
func TestPermitFirst(t *testing.T) {
	var p park.Parker
	cause := errors.New("cause")
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(cause)
	p.Wake()
	if err := p.ParkContext("test", ctx); err != nil {
		t.Errorf("with a permit and a done context: %v", err)
	}
	if err := p.ParkContext("test", ctx); err != cause {
		t.Errorf("with a done context: %v, want its cause", err)
	}
	p.Wake()
	if !p.ParkTimeout("test", -1) || p.ParkTimeout("test", 0) {
		t.Error("ParkTimeout with d <= 0 is not a try")
	}
	if err := p.WaitContext("test", ctx, func() bool { return true }, nil); err != nil {
		t.Errorf("with a true condition and a done context: %v", err)
	}
	if err := p.WaitContext("test", ctx, func() bool { return false }, nil); err != cause {
		t.Errorf("with a false condition and a done context: %v", err)
	}
}

func TestGiveUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var p park.Parker
		start := time.Now()
		if p.ParkTimeout("test", time.Second) {
			t.Error("woken by nobody")
		}
		if got := time.Since(start); got != time.Second {
			t.Errorf("a timeout of 1s took %v", got)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := p.ParkContext("test", ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("after the deadline of the context: %v", err)
		}
		if got := time.Since(start); got != time.Minute+time.Second {
			t.Errorf("a context of 1m ended after %v", got-time.Second)
		}
		if p.Waiting() || p.TryTake() {
			t.Error("a wait that gave up has left something behind")
		}
	})
}

// A sleeper counts as durably blocked, else Wait would not return.
func TestDurablyBlocked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var p park.Parker
		done := false
		go func() {
			p.Park("test")
			done = true
		}()
		synctest.Wait()
		if done || !p.Waiting() {
			t.Fatal("not asleep")
		}
		p.Wake()
		synctest.Wait()
		if !done {
			t.Error("not woken")
		}
	})
}

// The second waiter panics and leaves no trace on the first.
func TestTwoWaiters(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var p park.Parker
		done := false
		go func() {
			p.Park("test")
			done = true
		}()
		synctest.Wait()
		for _, wait := range []func(){
			func() { p.Park("second") },
			func() { p.ParkContext("second", t.Context()) },
			func() { p.ParkTimeout("second", time.Second) },
			func() { p.Wait("second", func() bool { return false }, nil) },
			func() { p.Poll("second") },
		} {
			func() {
				defer func() {
					if s, _ := recover().(string); !strings.HasPrefix(s, "second: ") {
						t.Errorf("panic %q, want one of second", s)
					}
				}()
				wait()
			}()
		}
		if done {
			t.Fatal("the second waiter woke the first")
		}
		p.Wake()
		synctest.Wait()
		if !done {
			t.Error("not woken")
		}
	})
}

func TestPingPong(t *testing.T) {
	pingPong(t, rounds(1_000_000), func() {})
}

// A waiter that gives up all the time still gets each permit: the waker goes on
// only when the last one has been taken.
func TestGiveUpLosesNothing(t *testing.T) {
	for _, wait := range []struct {
		name string
		n    int
		wait func(*park.Parker, *rand.Rand) bool
	}{
		{"timeout", rounds(50_000), func(p *park.Parker, r *rand.Rand) bool {
			return p.ParkTimeout("test", time.Duration(r.IntN(2000)))
		}},
		{"context", rounds(2_000), func(p *park.Parker, r *rand.Rand) bool {
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			go cancel()
			return p.ParkContext("test", ctx) == nil
		}},
	} {
		t.Run(wait.name, func(t *testing.T) {
			var p, taken park.Parker
			trial.Within(t, func() {
				go func() {
					r := rand.New(rand.NewPCG(1, 2))
					for range wait.n {
						for range r.IntN(4000) {
							spare.Add(1)
						}
						p.Wake()
						taken.Park("test")
					}
				}()
				r := rand.New(rand.NewPCG(3, 4))
				for range wait.n {
					for !wait.wait(&p, r) {
					}
					taken.Wake()
				}
				if p.TryTake() {
					t.Error("a permit too many")
				}
			})
		})
	}
}

var spare atomic.Int64

// A condition behind Wait, changed with a full fence before the look at
// Waiting: neither side may miss the other.
func TestCondition(t *testing.T) {
	var full, empty park.Parker
	var item atomic.Int64
	n := int64(rounds(1_000_000))
	trial.Within(t, func() {
		go func() {
			for i := range n {
				empty.Wait("test", func() bool { return item.CompareAndSwap(0, i+1) }, nil)
				if full.Waiting() {
					full.Wake()
				}
			}
		}()
		for i := range n {
			var got int64
			full.Wait("test", func() bool { got = item.Swap(0); return got != 0 }, nil)
			if got != i+1 {
				t.Errorf("item %d, want %d", got, i+1)
			}
			if empty.Waiting() {
				empty.Wake()
			}
		}
	})
}

// Stale wakes of pooled Parkers disturb nobody who looks at a condition.
func TestPool(t *testing.T) {
	var wg sync.WaitGroup
	var pool park.Pool[park.Parker]
	trial.Within(t, func() {
		for range 4 {
			wg.Go(func() {
				for range rounds(50_000) {
					p := pool.Get()
					if p == nil {
						p = new(park.Parker)
					}
					var done atomic.Bool
					go func() {
						done.Store(true)
						p.Wake()
					}()
					p.Wait("test", done.Load, nil)
					pool.Put(p)
				}
			})
		}
		wg.Wait()
	})
}

func TestAllocs(t *testing.T) {
	var p park.Parker
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	yes := func() bool { return true }
	for name, f := range map[string]func(){
		"permit":             func() { p.Wake(); p.Park("test") },
		"permit and context": func() { p.Wake(); p.ParkContext("test", ctx) },
		"permit and timeout": func() { p.Wake(); p.ParkTimeout("test", time.Hour) },
		"condition":          func() { p.WaitContext("test", ctx, yes, nil) },
	} {
		if got := testing.AllocsPerRun(100, f); got != 0 {
			t.Errorf("%s: %v allocations", name, got)
		}
	}
}

// Sleeping without a context that can be done allocates nothing.
func TestSleepAllocs(t *testing.T) {
	var a, b park.Parker
	stop := false
	go func() {
		for {
			a.ParkContext("test", context.Background())
			if stop {
				return
			}
			b.Wake()
		}
	}()
	if got := testing.AllocsPerRun(1000, func() { a.Wake(); b.Park("test") }); got != 0 {
		t.Errorf("%v allocations for each round trip", got)
	}
	stop = true
	a.Wake()
}
