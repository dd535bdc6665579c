//go:build !model

package fanin_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/litesync/litesync/internal/trial"
	"github.com/litesync/litesync/lockfree/fanin"
	"github.com/litesync/litesync/lockfree/ring"
	"github.com/litesync/litesync/lockfree/spsc"
	"github.com/litesync/litesync/lockfree/waker"
)

// rounds scales a number of repetitions to the mode of the test run.
func rounds(n int) int {
	if testing.Short() {
		n /= 20
	}
	if raceEnabled {
		n /= 4
	}
	return n
}

// add lets a producer join, for which there must be room.
func add(t *testing.T, c *fanin.Consumer[int]) *spsc.Sender[int] {
	t.Helper()
	p, err := c.AddProducer()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

var errCause = errors.New("cause")

// done is a context that is done, because of errCause.
func done() context.Context {
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(errCause)
	return ctx
}

func TestMisuse(t *testing.T) {
	trial.Panics(t, "fanin: New: capacity 0 ", func() { fanin.New[int](0, 1) })
	trial.Panics(t, "fanin: New: capacity 1073741825 ", func() { fanin.New[struct{}](ring.MaxCapacity+1, 1) })
	trial.Panics(t, "fanin: New: producers is 0,", func() { fanin.New[int](1, 0) })
	trial.Panics(t, "fanin: New: producers is 65536,", func() { fanin.New[int](1, fanin.MaxProducers+1) })
	c := fanin.New[int](1, 1)
	var none context.Context
	trial.Panics(t, "fanin: Consumer.RecvContext: ctx is nil", func() { c.RecvContext(none) })
	trial.Panics(t, "fanin: Consumer.RecvSliceContext: ctx is nil", func() { c.RecvSliceContext(none, nil) })
	trial.Panics(t, "fanin: Consumer.Poll: w is nil", func() { c.Poll(nil) })
	add(t, c).Send(1)
	if v, ok := c.Recv(); v != 1 || !ok {
		t.Errorf("%d, %v", v, ok)
	}
}

// One goroutine on all ends; every method when there is something, nothing, and
// never anything again.
func TestTry(t *testing.T) {
	c := fanin.New[int](4, 2)
	check := func(what string, got, want any) {
		t.Helper()
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: %v, want %v", what, got, want)
		}
	}
	two := func(a, b any) []any { return []any{a, b} }
	buf := make([]int, 8)
	var w waker.Waker = waker.Func(func() {})
	nothing := func(when string, err error) {
		t.Helper()
		_, got := c.TryRecv()
		check(when+" TryRecv", got, err)
		n, got := c.TryRecvSlice(buf)
		check(when+" TryRecvSlice", two(n, got), two(0, err))
		check(when+" Poll", c.Poll(w), err)
		for v := range c.Drain() {
			t.Errorf("%s Drain: %d", when, v)
		}
		if err == fanin.ErrEmpty {
			err = errCause
		}
		_, got = c.RecvContext(done())
		check(when+" RecvContext", got, err)
		n, got = c.RecvSliceContext(done(), buf)
		check(when+" RecvSliceContext", two(n, got), two(0, err))
		n, got = c.RecvSlice(nil)
		check(when+" RecvSlice of nothing", two(n, got), two(0, nil))
		check(when+" Closed", c.Closed(), err == fanin.ErrClosed)
	}
	nothing("without producers", fanin.ErrEmpty)
	p, q := add(t, c), add(t, c)
	_, err := c.AddProducer()
	check("third producer", err, fanin.ErrProducers)
	nothing("silent producers", fanin.ErrEmpty)

	p.SendSlice([]int{1, 2, 3, 4})
	check("full TrySend", p.TrySend(5), spsc.ErrFull)
	q.Send(10)
	check("Len", c.Len(), 5)
	check("Poll", c.Poll(w), nil)
	v, err := c.RecvContext(done())
	check("item there, done context", two(v, err), two(1, nil))
	n, err := c.RecvSliceContext(done(), buf)
	check("items there, done context", two(n, err), two(4, nil))
	check("RecvSlice", buf[:4], []int{2, 3, 4, 10})
	nothing("drained", fanin.ErrEmpty)

	p.Send(6)
	p.Close()
	_, err = c.AddProducer()
	check("the slot of one who left with a value behind", err, fanin.ErrProducers)
	v, ok := c.Recv()
	check("Recv", two(v, ok), two(6, true))
	nothing("one left", fanin.ErrEmpty)
	p = add(t, c)
	p.Send(7)
	c.Seal()
	_, err = c.AddProducer()
	check("sealed", err, fanin.ErrClosed)
	q.Send(11)
	q.Close()
	p.Close()
	got := map[int]bool{}
	for v := range c.All() {
		got[v] = true
	}
	check("All", got, map[int]bool{7: true, 11: true})
	nothing("end", fanin.ErrClosed)
	if v, ok := c.Recv(); ok {
		t.Errorf("Recv after the end: %d", v)
	}
}

func TestConsumerClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := fanin.New[int](2, 3)
		p, q := add(t, c), add(t, c)
		p.Send(1)
		q.SendSlice([]int{10, 11})
		blocked := make(chan error)
		go func() { blocked <- q.Send(12) }()
		synctest.Wait()
		c.Close()
		if err := <-blocked; err != spsc.ErrClosed {
			t.Errorf("a send that waits: %v", err)
		}
		if err := p.Send(2); err != spsc.ErrClosed {
			t.Errorf("a send: %v", err)
		}
		if _, err := c.AddProducer(); err != fanin.ErrClosed {
			t.Errorf("AddProducer: %v", err)
		}
		c.Close()
		sum := 0
		for v := range c.All() {
			sum += v
		}
		if sum != 22 || !c.Closed() {
			t.Errorf("sum %d, want 22; Closed %v", sum, c.Closed())
		}
	})
}

// A consumer that waits wakes for a value, a value of a new lane, and the end; a
// context ends its wait.
func TestWaits(t *testing.T) {
	waits := map[string]func(*fanin.Consumer[int]) (int, error){
		"Recv": func(c *fanin.Consumer[int]) (int, error) {
			v, ok := c.Recv()
			if !ok {
				return 0, fanin.ErrClosed
			}
			return v, nil
		},
		"RecvContext": func(c *fanin.Consumer[int]) (int, error) { return c.RecvContext(context.Background()) },
		"RecvSlice": func(c *fanin.Consumer[int]) (int, error) {
			var buf [3]int
			_, err := c.RecvSlice(buf[:])
			return buf[0], err
		},
		"Poll": func(c *fanin.Consumer[int]) (int, error) {
			w := waker.NewChan()
			for c.Poll(w) == fanin.ErrEmpty {
				<-w.C()
			}
			return c.TryRecv()
		},
	}
	for name, wait := range waits {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := fanin.New[int](1, 2)
				p := add(t, c)
				type result struct {
					v   int
					err error
				}
				got := make(chan result, 1)
				var q *spsc.Sender[int]
				for i, act := range []func(){
					func() { p.Send(0) },
					func() { q = add(t, c); q.Send(1) },
					func() { p.Close(); q.Send(2) },
					func() { add(t, c).Close(); q.Send(3) },
					func() { c.Seal(); q.Close() },
				} {
					go func() {
						v, err := wait(c)
						got <- result{v, err}
					}()
					synctest.Wait()
					select {
					case r := <-got:
						t.Fatalf("%d: returns %v at once", i, r)
					default:
					}
					act()
					want := result{i, nil}
					if i == 4 {
						want = result{0, fanin.ErrClosed}
					}
					if r := <-got; r != want {
						t.Fatalf("%d: %v, want %v", i, r, want)
					}
				}
			})
		})
	}
	synctest.Test(t, func(t *testing.T) {
		c := fanin.New[int](1, 2)
		p := add(t, c)
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Second, func() { cancel(errCause) })
		if _, err := c.RecvContext(ctx); err != errCause {
			t.Errorf("RecvContext: %v", err)
		}
		p.Send(5)
		if v, ok := c.Recv(); v != 5 || !ok {
			t.Errorf("%d, %v", v, ok)
		}
	})
}

// Lanes that are always full do not keep another from its turn: each gives two
// turns of 64 values at most before.
func TestFair(t *testing.T) {
	for _, greedy := range []int{1, 3, 70} {
		for _, batch := range []int{1, 7, 1000} {
			t.Run(fmt.Sprintf("%d, in slices of %d", greedy, batch), func(t *testing.T) { fair(t, greedy, batch) })
		}
	}
}

func fair(t *testing.T, greedy, batch int) {
	c := fanin.New[int](1024, greedy+1)
	modest := greedy // its number, which it sends, as the others do
	lanes := make([]*spsc.Sender[int], greedy+1)
	for i := range lanes {
		lanes[i] = add(t, c)
	}
	buf := make([]int, batch)
	since := make([]int, greedy) // the modest one has sent, by lane
	waiting, served := false, 0
	for served < 20 {
		for i, p := range lanes[:greedy] {
			for p.TrySend(i) == nil {
			}
		}
		if !waiting {
			lanes[modest].Send(modest)
			waiting = true
			clear(since)
		}
		n, _ := c.RecvSlice(buf)
		for _, v := range buf[:n] {
			if v == modest {
				waiting = false
				served++
			} else if since[v]++; waiting && since[v] > 128 {
				t.Fatalf("%d values of lane %d came before one that was sent earlier", since[v], v)
			}
		}
	}
}

// Lanes that come and go, values of which each is received once and in order.
func TestStress(t *testing.T) {
	for _, lanes := range []int{1, 10, 100, 1000} {
		for _, name := range []string{"Recv", "RecvContext", "RecvSlice", "TryRecv", "Poll"} {
			if testing.Short() && lanes == 1000 && name != "Recv" {
				continue
			}
			t.Run(fmt.Sprintf("%d, %s", lanes, name), func(t *testing.T) {
				trial.Within(t, func() { stress(t, lanes, name) })
			})
		}
	}
}

func stress(t *testing.T, lanes int, name string) {
	const lives = 3 // of each producer
	each := max(rounds(200_000)/lanes/lives, 4)
	c := fanin.New[[3]int](7, lanes)
	for id := range lanes {
		go func() {
			vs := make([][3]int, 10)
			for life := range lives {
				p, err := c.AddProducer()
				for ; err != nil; p, err = c.AddProducer() {
					if err != fanin.ErrProducers {
						t.Errorf("AddProducer: %v", err)
						return
					}
					runtime.Gosched() // The consumer has not yet seen that one has left.
				}
				for i := 0; i < each; {
					k := 1
					if i%3 == 0 {
						k = min(len(vs), each-i)
					}
					for j := range k {
						vs[j] = [3]int{id, life, i + j}
					}
					if n, err := p.SendSlice(vs[:k]); n != k || err != nil {
						t.Errorf("sent %d of %d, %v", n, k, err)
						return
					}
					i += k
				}
				p.Close()
			}
		}()
	}
	next := make([][lives]int, lanes)
	total := 0
	got := func(vs ...[3]int) {
		for _, v := range vs {
			id, life, i := v[0], v[1], v[2]
			if want := next[id][life]; i != want {
				t.Fatalf("producer %d, life %d: %d, want %d", id, life, i, want)
			}
			next[id][life]++
			total++
		}
	}
	buf := make([][3]int, 50)
	w := waker.NewChan()
	for turn := 0; total < lanes*lives*each; turn++ {
		switch name {
		case "Recv":
			v, _ := c.Recv()
			got(v)
		case "RecvContext":
			ctx, cancel := context.WithCancel(context.Background())
			if turn%3 == 0 {
				go cancel()
			}
			v, err := c.RecvContext(ctx)
			if cancel(); err == nil {
				got(v)
			} else if err != context.Canceled {
				t.Errorf("RecvContext: %v", err)
			}
		case "RecvSlice":
			n, err := c.RecvSlice(buf)
			if n == 0 || err != nil {
				t.Errorf("RecvSlice: %d, %v", n, err)
			}
			got(buf[:n]...)
		case "TryRecv":
			if v, err := c.TryRecv(); err == nil {
				got(v)
			} else {
				runtime.Gosched()
			}
		case "Poll":
			if c.Poll(w) != nil {
				<-w.C()
				continue
			}
			for v := range c.Drain() {
				got(v)
			}
		}
	}
	c.Seal()
	if v, ok := c.Recv(); ok {
		t.Errorf("%v came after the end", v)
	}
}

// The consumer closes while producers send: what they were told is what arrives.
func TestStressClose(t *testing.T) {
	const lanes = 8
	for range rounds(2000) {
		c := fanin.New[int](3, lanes)
		var accepted, received atomic.Int64
		var wg sync.WaitGroup
		for range lanes {
			wg.Go(func() {
				for {
					p, err := c.AddProducer()
					if err == fanin.ErrClosed {
						return
					}
					if err != nil { // The consumer has not yet seen that one has left.
						runtime.Gosched()
						continue
					}
					for range 5 {
						if p.Send(1) == nil {
							accepted.Add(1)
						}
					}
					p.Close()
				}
			})
		}
		wg.Go(func() {
			for range 20 {
				if _, ok := c.Recv(); ok {
					received.Add(1)
				}
			}
			c.Close()
			for range c.All() {
				received.Add(1)
			}
		})
		trial.Within(t, wg.Wait)
		if a, r := accepted.Load(), received.Load(); a != r {
			t.Fatalf("%d accepted, %d received", a, r)
		}
		if !c.Closed() || c.Len() != 0 {
			t.Fatalf("Closed %v, Len %d", c.Closed(), c.Len())
		}
	}
}

func TestAllocs(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	c := fanin.New[int](64, 10)
	p, q := add(t, c), add(t, c)
	ctx := context.Background()
	buf := make([]int, 10)
	var w waker.Waker = waker.Func(func() {})
	if got := testing.AllocsPerRun(100, func() {
		for i := range 70 {
			p.Send(i)
			q.Send(i)
			c.Recv()
			c.RecvContext(ctx)
		}
		c.TryRecv()
		c.Poll(w)
		p.Send(1)
		q.Send(2)
		c.RecvSlice(buf)
		c.RecvSliceContext(ctx, buf[:0])
	}); got != 0 {
		t.Errorf("%v allocations", got)
	}
}

// What was received is not kept alive, nor is the lane of one who left.
func TestCollected(t *testing.T) {
	c := fanin.New[*[64]byte](8, 4)
	var collected atomic.Int32
	p, err := c.AddProducer()
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		v := new([64]byte)
		runtime.AddCleanup(v, func(*atomic.Int32) { collected.Add(1) }, &collected)
		p.Send(v)
	}
	p.Close()
	for range 3 {
		c.Recv()
	}
	runtime.AddCleanup(p, func(*atomic.Int32) { collected.Add(1) }, &collected)
	p = nil
	c.TryRecv()
	for end := time.Now().Add(10 * time.Second); collected.Load() < 4; runtime.GC() {
		if time.Now().After(end) {
			t.Fatalf("%d of 4 collected", collected.Load())
		}
	}
	runtime.KeepAlive(c)
}
