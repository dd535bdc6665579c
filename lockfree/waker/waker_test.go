//go:build !model

package waker_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/litesync/litesync/internal/trial"
	"github.com/litesync/litesync/lockfree/waker"
)

var (
	_ waker.Waker = waker.Func(nil)
	_ waker.Waker = (*waker.Parker)(nil)
	_ waker.Waker = (*waker.Chan)(nil)
)

// counter counts how often it is woken.
type counter struct{ n atomic.Int64 }

func (c *counter) Wake() { c.n.Add(1) }

// rounds scales a number of repetitions to the mode of the test run.
func rounds(n int) int {
	if testing.Short() {
		return n / 20
	}
	return n
}

func TestAtomic(t *testing.T) {
	var a waker.Atomic
	var v, w counter
	if a.Wake() || a.Take() != nil {
		t.Error("the zero value holds a Waker")
	}
	a.Register(&v)
	if !a.Wake() || v.n.Load() != 1 {
		t.Errorf("woken %d times, want once", v.n.Load())
	}
	if a.Wake() || v.n.Load() != 1 {
		t.Error("woken again without being registered again")
	}
	a.Register(&v)
	a.Register(&w)
	if !a.Wake() || v.n.Load() != 1 || w.n.Load() != 1 {
		t.Error("a Waker that was replaced is woken")
	}
	a.Register(&v)
	if got := a.Take(); got != &v {
		t.Errorf("Take returns %v, want what was registered", got)
	}
	if a.Take() != nil || a.Wake() || v.n.Load() != 1 {
		t.Error("Take leaves the Waker behind")
	}
}

func TestAtomicPanics(t *testing.T) {
	var a waker.Atomic
	var w counter
	if msg := trial.Panic(func() { a.Register(nil) }); !strings.HasPrefix(msg, "waker: ") || !strings.Contains(msg, "nil") {
		t.Errorf("nil Waker: panic %q", msg)
	}
	a.Register(waker.Func(func() { panic("mine") }))
	if msg := trial.Panic(func() { a.Wake() }); msg != "mine" {
		t.Errorf("a Waker that panics: panic %q", msg)
	}
	if a.Register(&w); !a.Wake() || w.n.Load() != 1 {
		t.Error("the cell is not usable after its Waker panicked")
	}
}

// A Waker may use the cell that it was in.
func TestAtomicReentrant(t *testing.T) {
	var a waker.Atomic
	woken := 0
	var again waker.Func
	again = func() {
		if woken++; woken < 3 {
			a.Register(again)
		}
	}
	a.Register(again)
	for a.Wake() {
	}
	if woken != 3 {
		t.Errorf("woken %d times, want 3", woken)
	}
}

// Each change is either seen after Register or wakes what was registered,
// whatever the order: else the reader would wait for good.
func TestAtomicLosesNothing(t *testing.T) {
	for _, wakers := range []int{1, 3} {
		var a waker.Atomic
		var sum atomic.Int64
		each := rounds(200_000)
		trial.Within(t, func() {
			for range wakers {
				go func() {
					for range each {
						sum.Add(1)
						a.Wake()
					}
				}()
			}
			c := waker.NewChan()
			for {
				a.Register(c)
				if sum.Load() == int64(wakers*each) {
					return
				}
				<-c.C()
			}
		})
	}
}

// Of wakes at the same time, one gets the Waker.
func TestAtomicWakesOnce(t *testing.T) {
	var a waker.Atomic
	var w counter
	trial.Within(t, func() {
		for i := range rounds(20_000) {
			a.Register(&w)
			var found atomic.Int64
			var wg sync.WaitGroup
			for range 3 {
				wg.Go(func() {
					if a.Wake() {
						found.Add(1)
					}
				})
			}
			wg.Wait()
			if found.Load() != 1 || w.n.Load() != int64(i+1) {
				t.Fatalf("round %d: %d wakes found it, woken %d times", i, found.Load(), w.n.Load())
			}
		}
	})
}

// A wake that finds another at work has still released what came before it to
// the next who registers.
func TestAtomicFailedWakeSynchronizes(t *testing.T) {
	for range rounds(20_000) {
		var a waker.Atomic
		var done, took atomic.Bool
		a.Register(waker.Func(func() {}))
		var wg sync.WaitGroup
		wg.Go(func() {
			done.Store(true)
			took.Store(a.Take() != nil)
		})
		a.Take()
		a.Register(waker.Func(func() {}))
		saw := done.Load()
		wg.Wait()
		if !saw && !took.Load() {
			t.Fatal("neither taken nor seen")
		}
	}
}

// Registrations at the same time are a bug: it is reported, or both had their
// turn; none is dropped in silence, and the cell stays usable.
func TestAtomicTwoRegister(t *testing.T) {
	var a waker.Atomic
	trial.Within(t, func() {
		reported := 0
		for range rounds(100_000) {
			var wg sync.WaitGroup
			var bad atomic.Int64
			var w [2]counter
			for i := range w {
				wg.Go(func() {
					if msg := trial.Panic(func() { a.Register(&w[i]) }); msg != "" {
						if !strings.HasPrefix(msg, "waker: ") {
							t.Errorf("panic %q", msg)
						}
						bad.Add(1)
					}
				})
			}
			wg.Wait()
			if bad.Load() > 1 {
				t.Fatal("both were refused")
			}
			if !a.Wake() {
				t.Fatal("none was registered")
			}
			if a, b := w[0].n.Load(), w[1].n.Load(); a+b != 1 {
				t.Fatalf("woken %d and %d times", a, b)
			}
			reported += int(bad.Load())
		}
		t.Logf("%d reported", reported)
	})
}

// A Waker that is registered again and again is allocated for once.
func TestAtomicAllocs(t *testing.T) {
	for _, w := range []waker.Waker{new(counter), waker.Func(func() {}), waker.NewChan(), new(waker.Parker)} {
		var a waker.Atomic
		a.Register(w)
		if got := testing.AllocsPerRun(100, func() { a.Register(w); a.Wake() }); got != 0 {
			t.Errorf("%T: %v allocations", w, got)
		}
	}
}

func TestChan(t *testing.T) {
	c := waker.NewChan()
	select {
	case <-c.C():
		t.Error("readable when new")
	default:
	}
	c.Wake()
	c.Wake()
	<-c.C()
	select {
	case <-c.C():
		t.Error("readable twice")
	default:
	}
	select {
	case <-c.When(false):
		t.Error("readable when not ready")
	default:
	}
	<-c.When(true)
	c.When(true)
	<-c.When(false)
}

func TestParker(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var p waker.Parker
		p.Wake()
		p.Wake()
		p.Park()
		if p.ParkTimeout(0) {
			t.Error("two wakes ended two parks")
		}
		parked := true
		go func() {
			p.Park()
			parked = false
		}()
		synctest.Wait()
		if !parked {
			t.Fatal("Park returns without a wake")
		}
		if msg := trial.Panic(p.Park); !strings.HasPrefix(msg, "waker: ") {
			t.Errorf("two goroutines park: panic %q", msg)
		}
		p.Wake()
		synctest.Wait()
		if parked {
			t.Fatal("Park does not return after a wake")
		}
		start := time.Now()
		if p.ParkTimeout(time.Second) || time.Since(start) != time.Second {
			t.Errorf("a timeout of 1s took %v", time.Since(start))
		}
		cause := errors.New("cause")
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Second, func() { cancel(cause) })
		if err := p.ParkContext(ctx); err != cause {
			t.Errorf("ParkContext: %v, want the cause", err)
		}
		p.Wake()
		if err := p.ParkContext(ctx); err != nil {
			t.Errorf("ParkContext with a wake and a done context: %v", err)
		}
		var none context.Context
		if msg := trial.Panic(func() { p.ParkContext(none) }); !strings.HasPrefix(msg, "waker: ") || !strings.Contains(msg, "ctx is nil") {
			t.Errorf("nil context: panic %q", msg)
		}
	})
}
