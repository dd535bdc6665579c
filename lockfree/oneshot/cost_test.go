//go:build !model

package oneshot_test

import (
	"context"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/litesync/litesync/internal/misuse"
	"github.com/litesync/litesync/internal/trial"
)

func TestAllocs(t *testing.T) { both(t, impl.allocs) }

// allocs is what may allocate and what may not.
func (i impl) allocs(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector makes pools forget")
	}
	want := func(name string, want float64, f func()) {
		t.Helper()
		if got := testing.AllocsPerRun(1000, f); got != want {
			t.Errorf("%s: %v allocations, want %v", name, got, want)
		}
	}
	want("New", 1, func() {
		s, r := i.new()
		s.Send(1)
		r.Recv()
	})
	bg := context.Background()
	c := i.newChannel()
	s, r := c.Split()
	want("try", 0, func() {
		c.Reset()
		r.TryRecv()
		s.Send(1)
		s.Closed()
		r.TryRecv()
		s.Close()
		r.Close()
		s.WaitClosed(bg)
	})

	// A call that waits, until a goroutine that runs only then ends it.
	wake, other := make(chan func(), 1), make(chan func())
	for _, c := range []chan func(){wake, other} {
		go func() {
			for f := range c {
				f()
			}
		}()
		defer close(c)
	}
	send, closeRecv := func() { s.Send(1) }, func() { r.Close() }
	want("Recv", 0, func() {
		c.Reset()
		wake <- send
		r.Recv()
	})
	want("WaitClosed", 0, func() {
		c.Reset()
		wake <- closeRecv
		s.WaitClosed(bg)
	})
	if misuse.On {
		return // It would report the next: whoever waits on the sender is woken by another one who sends.
	}
	// Both ends wait, the one that sits on top of the other in the word.
	waited := make(chan struct{})
	recv := func() {
		r.Recv()
		waited <- struct{}{}
	}
	want("both", 0, func() {
		c.Reset()
		other <- recv
		wake <- send
		s.WaitClosed(bg)
		<-waited
	})
}

// hooked is a context that knows how many functions wait for its end.
type hooked struct {
	context.Context
	done chan struct{}
	mu   sync.Mutex
	n    int
}

func (h *hooked) Done() <-chan struct{} { return h.done }

func (h *hooked) AfterFunc(func()) (stop func() bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.n++
	return sync.OnceValue(func() bool {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.n--
		return true
	})
}

func TestLeaks(t *testing.T) { both(t, impl.leaks) }

// leaks: a call that is over leaves neither goroutines nor anything in its
// context behind.
func (i impl) leaks(t *testing.T) {
	trial.Within(t, func() {
		before := runtime.NumGoroutine()
		h := &hooked{Context: context.Background(), done: make(chan struct{})}
		for range 100 {
			s, r := i.new()
			go s.Send(1)
			if v, err := r.RecvContext(h); v != 1 || err != nil {
				t.Error(v, err)
			}
			s, r = i.new()
			go r.Close()
			if err := s.WaitClosed(h); err != nil {
				t.Error(err)
			}
			ctx, cancel := context.WithTimeout(context.Background(), time.Microsecond)
			_, r = i.new()
			if _, err := r.RecvContext(ctx); err != context.DeadlineExceeded {
				t.Error(err)
			}
			cancel()
		}
		if h.n != 0 {
			t.Errorf("%d functions still wait for the context", h.n)
		}
		for runtime.NumGoroutine() > before {
			runtime.Gosched()
		}
	})
}
