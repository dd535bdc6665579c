package harness

import (
	"testing"
	"time"
)

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
