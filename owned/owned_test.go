//go:build !model

package owned_test

import (
	"context"
	"runtime"
	"testing"
	"time"

	"github.com/litesync/litesync/lockfree/fanin"
	"github.com/litesync/litesync/lockfree/oneshot"
	"github.com/litesync/litesync/lockfree/spsc"
	"github.com/litesync/litesync/owned"
)

// until collects garbage until done returns true, and fails the test if it never
// does.
func until(t *testing.T, done func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !done(); runtime.Gosched() {
		if time.Now().After(end) {
			t.Fatal("not closed")
		}
		runtime.GC()
	}
}

// collect runs the collector, more than once: what a cleanup has done is then
// done.
func collect() {
	for range 3 {
		runtime.GC()
		time.Sleep(time.Millisecond)
	}
}

// Each kind of end closes when its handle is dropped, and not before.
func TestDropped(t *testing.T) {
	for name, make := range map[string]func() (use func(), closed func() bool){
		"spsc.Sender": func() (func(), func() bool) {
			s, r := spsc.New[int](1)
			o := owned.New(s)
			return func() { o.Do(func(s *spsc.Sender[int]) { s.Len() }) }, r.Closed
		},
		"spsc.Receiver": func() (func(), func() bool) {
			s, r := spsc.New[int](1)
			o := owned.New(r)
			return func() { o.Do(func(r *spsc.Receiver[int]) { r.Len() }) }, s.Closed
		},
		"oneshot.Sender": func() (func(), func() bool) {
			s, r := oneshot.New[int]()
			o := owned.New(s)
			return func() { o.Do(func(s *oneshot.Sender[int]) { s.Closed() }) }, func() bool {
				_, err := r.TryRecv()
				return err == oneshot.ErrClosed
			}
		},
		"oneshot.Receiver": func() (func(), func() bool) {
			s, r := oneshot.New[int]()
			o := owned.New(r)
			return func() { o.Do(func(r *oneshot.Receiver[int]) { r.TryRecv() }) }, s.Closed
		},
		"fanin.Consumer": func() (func(), func() bool) {
			c := fanin.New[int](1, 1)
			p, err := c.AddProducer()
			if err != nil {
				t.Fatal(err)
			}
			o := owned.New(c)
			return func() { o.Do(func(c *fanin.Consumer[int]) { c.TryRecv() }) }, p.Closed
		},
	} {
		t.Run(name, func(t *testing.T) {
			use, closed := make()
			collect()
			use()
			if closed() {
				t.Fatal("closed while its handle is held")
			}
			use = nil
			until(t, closed)
		})
	}
}

// Whoever waits is woken when the other end is dropped.
func TestWaiterWakes(t *testing.T) {
	s, r := spsc.New[int](1)
	o := owned.New(s)
	o.Do(func(s *spsc.Sender[int]) { s.Send(7) })
	got := make(chan int)
	go func() {
		n := 0
		for v := range r.All() {
			n += v
		}
		got <- n
	}()
	collect()
	runtime.KeepAlive(o)
	o = nil
	for end := time.After(10 * time.Second); ; {
		runtime.GC()
		select {
		case n := <-got:
			if n != 7 {
				t.Errorf("received a sum of %d, want 7", n)
			}
			return
		case <-end:
			t.Fatal("still waiting")
		case <-time.After(time.Millisecond):
		}
	}
}

// A handle that is not needed after a Do is kept until that returns.
func TestKeptWhileWaiting(t *testing.T) {
	s, r := spsc.New[int](1)
	got := make(chan error)
	go func() {
		owned.New(r).Do(func(r *spsc.Receiver[int]) {
			_, err := r.RecvContext(context.Background())
			got <- err
		})
	}()
	collect()
	if err := s.Send(1); err != nil {
		t.Fatalf("the receiver was closed while it waits: %v", err)
	}
	if err := <-got; err != nil {
		t.Errorf("RecvContext: %v", err)
	}
	until(t, s.Closed)
}

type counter struct{ n *int }

func (c counter) Close() { *c.n++ }

// Close closes at once, and the end is not closed again.
func TestClose(t *testing.T) {
	n := 0
	o := owned.New(counter{&n})
	o.Close()
	if n != 1 {
		t.Fatalf("closed %d times, want once", n)
	}
	o = nil
	collect()
	if n != 1 {
		t.Errorf("closed %d times, want once", n)
	}
}
