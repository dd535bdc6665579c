package harness

import (
	"slices"
	"testing"
	"time"

	"github.com/litesync/litesync/bench/internal/result"
)

// An operation may take longer than a whole turn.
func TestSlowOperation(t *testing.T) {
	cpus := Allowed()
	if len(cpus) < 2 {
		t.Skip("two CPUs are needed")
	}
	slow := Contender{"slow", func() Work {
		f := func(n int) { time.Sleep(time.Duration(n) * time.Millisecond) }
		return Work{A: f, B: f}
	}}
	for _, place := range []Place{Pinned, PinnedSleepers, Alone, Free, OneP} {
		calls := 0
		ws, err := Measure(Config{Rounds: 2, Each: time.Microsecond, CPUs: Choose(cpus), Progress: func(float64, string) { calls++ }},
			[]Workload{{Suite: "s", Name: "w", Place: place, Contenders: []Contender{slow}}})
		if err != nil {
			t.Fatal(err)
		}
		samples := ws[0].Contenders[0].Samples
		if len(samples) != 2 || slices.ContainsFunc(samples, func(s result.Sample) bool { return s.Ns < 1e6 }) {
			t.Errorf("place %d: %+v, want two rounds of 1 ms and more", place, samples)
		}
		if calls != 3 {
			t.Errorf("place %d: %d calls of Progress, want 3", place, calls)
		}
	}
}

// A contender whose goroutines do not wait for each other ends too.
func TestBoundedApart(t *testing.T) {
	n := 64
	ahead := make(chan struct{}) // B is far ahead when A begins
	pieces := 0
	a, b := bounded(Work{A: func(int) { <-ahead }, B: func(int) {
		if pieces++; pieces == 10 {
			close(ahead)
		}
		if pieces > 9 {
			time.Sleep(time.Millisecond)
		}
	}}, &n, 0)
	done := make(chan struct{})
	go func() {
		defer close(done)
		b()
	}()
	a()
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		t.Fatal("one goroutine runs on")
	}
}

// Both goroutines of a bounded turn stop after the same operation, early if the
// time is over.
func TestBounded(t *testing.T) {
	for _, c := range []struct {
		n       int
		limit   time.Duration
		atMost  int
		atLeast int
	}{{1, 0, 1, 1}, {100, time.Hour, 128, 100}, {100, 0, 4, 2}, {64_000, 0, 2000, 2000}} {
		there, back := make(chan struct{}), make(chan struct{})
		sent, received := 0, 0
		n := c.n
		a, b := bounded(Work{
			A: func(n int) {
				for range n {
					sent++
					there <- struct{}{}
					<-back
				}
			},
			B: func(n int) {
				for range n {
					<-there
					received++
					back <- struct{}{}
				}
			},
		}, &n, c.limit)
		done := make(chan struct{})
		go func() {
			b()
			close(done)
		}()
		a()
		select {
		case <-done:
		case <-time.After(10 * time.Second):
			t.Fatalf("n %d: one goroutine waits for the other", c.n)
		}
		if sent != n || received != n || n < c.atLeast || n > c.atMost {
			t.Errorf("n %d, limit %v: %d sent, %d received, %d counted, want %d to %d", c.n, c.limit, sent, received, n, c.atLeast, c.atMost)
		}
	}
}
