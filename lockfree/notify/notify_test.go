//go:build !model

package notify_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
	"unsafe"

	"github.com/litesync/litesync/internal/trial"
	"github.com/litesync/litesync/lockfree/notify"
	"github.com/litesync/litesync/lockfree/waker"
)

// rounds scales a number of repetitions to the mode of the test run.
func rounds(n int) int {
	if testing.Short() {
		return n / 20
	}
	return n
}

// A Notify is a Parker and the cell for Poll.
func TestSize(t *testing.T) {
	if got, limit := unsafe.Sizeof(notify.Notify{}), unsafe.Sizeof(waker.Parker{})+unsafe.Sizeof(waker.Atomic{}); got > limit {
		t.Errorf("%d bytes, want at most %d", got, limit)
	}
}

func TestPermit(t *testing.T) {
	var n notify.Notify
	if n.TryWait() {
		t.Error("the zero value has a permit")
	}
	n.NotifyOne()
	n.NotifyOne()
	n.Wait()
	if n.TryWait() {
		t.Error("two permits after two notifications")
	}
	cause := errors.New("cause")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(cause)
	n.NotifyOne()
	if err := n.WaitContext(ctx); err != nil {
		t.Errorf("with a permit and a done context: %v", err)
	}
	if err := n.WaitContext(ctx); err != cause {
		t.Errorf("with a done context: %v, want its cause", err)
	}
	n.NotifyOne()
	if !n.WaitTimeout(-time.Second) || n.WaitTimeout(0) {
		t.Error("WaitTimeout with d <= 0 is not a try")
	}
}

func TestWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var n notify.Notify
		waiting := true
		go func() {
			n.Wait()
			waiting = false
		}()
		synctest.Wait()
		if !waiting {
			t.Fatal("Wait returns without a notification")
		}
		for name, f := range map[string]func(){
			"Wait":        n.Wait,
			"WaitContext": func() { n.WaitContext(t.Context()) },
			"WaitTimeout": func() { n.WaitTimeout(time.Second) },
			"Poll":        func() { n.Poll(waker.Func(func() {})) },
		} {
			if msg := trial.Panic(f); !strings.HasPrefix(msg, "notify: ") {
				t.Errorf("%s while another waits: panic %q", name, msg)
			}
		}
		n.NotifyOne()
		synctest.Wait()
		if waiting || n.TryWait() {
			t.Error("a notification is not taken by the waiter")
		}
		start := time.Now()
		if n.WaitTimeout(time.Second) || time.Since(start) != time.Second {
			t.Errorf("a timeout of 1s took %v", time.Since(start))
		}
		var none context.Context
		if msg := trial.Panic(func() { n.WaitContext(none) }); !strings.HasPrefix(msg, "notify: ") || !strings.Contains(msg, "ctx is nil") {
			t.Errorf("nil context: panic %q", msg)
		}
	})
}

func TestPoll(t *testing.T) {
	var n notify.Notify
	v, w := waker.NewChan(), waker.NewChan()
	if msg := trial.Panic(func() { n.Poll(nil) }); !strings.HasPrefix(msg, "notify: ") || !strings.Contains(msg, "w is nil") {
		t.Errorf("nil Waker: panic %q", msg)
	}
	if n.Poll(v) || n.Poll(w) {
		t.Fatal("Poll without a notification")
	}
	n.NotifyOne()
	if len(v.C()) != 0 || len(w.C()) != 1 {
		t.Error("not the last Waker was woken, or not only")
	}
	if !n.Poll(v) || n.TryWait() {
		t.Error("Poll does not take the permit")
	}
}

// A waiter of each kind in turn, giving up often: each round is answered before
// the next begins, so a notification that is lost ends the test.
func TestLosesNothing(t *testing.T) {
	var n, answer notify.Notify
	count := rounds(100_000)
	done, cancel := context.WithCancel(t.Context())
	cancel()
	c := waker.NewChan()
	trial.Within(t, func() {
		go func() {
			r := rand.New(rand.NewPCG(1, 2))
			var spare atomic.Int64
			for range count {
				for range r.IntN(1000) {
					spare.Add(1)
				}
				n.NotifyOne()
				answer.Wait()
			}
		}()
		r := rand.New(rand.NewPCG(3, 4))
		for i := range count {
			for got := false; !got; {
				switch r.IntN(5) {
				case 0:
					n.Wait()
					got = true
				case 1:
					got = n.WaitTimeout(time.Duration(r.IntN(2000)))
				case 2:
					got = n.WaitContext(done) == nil
				case 3:
					ctx, cancel := context.WithTimeout(context.Background(), time.Duration(r.IntN(5000)))
					got = n.WaitContext(ctx) == nil
					cancel()
				case 4:
					for got = n.Poll(c); !got && r.IntN(2) == 0; got = n.Poll(c) {
						<-c.C()
					}
				}
			}
			if n.TryWait() {
				t.Errorf("round %d: a notification too many", i)
			}
			answer.NotifyOne()
		}
	})
}

func TestAllocs(t *testing.T) {
	var n notify.Notify
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	c := waker.NewChan()
	for name, f := range map[string]func(){
		"Wait":        func() { n.NotifyOne(); n.Wait() },
		"WaitContext": func() { n.NotifyOne(); n.WaitContext(ctx) },
		"WaitTimeout": func() { n.NotifyOne(); n.WaitTimeout(time.Hour) },
		"Poll":        func() { n.Poll(c); n.NotifyOne(); n.TryWait() },
	} {
		if got := testing.AllocsPerRun(100, f); got != 0 {
			t.Errorf("%s: %v allocations", name, got)
		}
	}
}
