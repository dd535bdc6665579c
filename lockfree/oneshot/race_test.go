//go:build !model

package oneshot_test

import (
	"context"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/litesync/litesync/internal/trial"
	"github.com/litesync/litesync/lockfree/waker"
)

// A barrier lets n goroutines go on together, as closely as it can.
type barrier struct {
	n       int64
	arrived atomic.Int64
}

func (b *barrier) wait() {
	here := b.arrived.Add(1)
	for all := (here + b.n - 1) / b.n * b.n; b.arrived.Load() < all; {
		runtime.Gosched()
	}
}

func TestSoon(t *testing.T) { both(t, impl.soon) }

// soon has a goroutine that already runs send or close as soon as another one
// begins to receive, which so, where there are two Ps, sees it before it sleeps.
func (i impl) soon(t *testing.T) {
	trial.Within(t, func() {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		var begun atomic.Pointer[sender]
		n := rounds(20_000)
		go func() {
			for k := range n {
				s := begun.Swap(nil)
				for ; s == nil; s = begun.Swap(nil) {
					runtime.Gosched()
				}
				if k%3 == 0 {
					(*s).Close()
				} else if err := (*s).Send(byte(k)); err != nil {
					t.Error(err)
				}
			}
		}()
		for k := range n {
			s, r := i.new()
			begun.Store(&s)
			recv := r.Recv
			if k%2 == 0 {
				recv = func() (byte, error) { return r.RecvContext(ctx) }
			}
			v, err := recv()
			if k%3 == 0 && err != i.errClosed || k%3 != 0 && (v != byte(k) || err != nil) {
				t.Errorf("received %d, %v; sent %d", v, err, k)
			}
			if _, err := r.TryRecv(); err != i.errClosed {
				t.Errorf("received again: %v", err)
			}
		}
	})
}

// A round is what the goroutines of a race do with one channel.
type round struct {
	s   sender
	r   receiver
	ctx context.Context
	end context.CancelCauseFunc

	sent              bool
	sendErr, closeErr error
	got               []byte
	early             bool // a call that waits came back too early
}

func TestRace(t *testing.T) { both(t, impl.race) }

// race lets both ends and a cancellation loose on one channel after another,
// and counts: what was sent is received once, what failed never, nobody is left
// asleep, and every waker that has something to tell is woken. Two channels at a
// time, so that seats go from one to the other.
func (i impl) race(t *testing.T) {
	run := func(n int) {
		trial.Within(t, func() {
			var wg sync.WaitGroup
			wg.Go(func() { i.races(t, n) })
			wg.Go(func() { i.races(t, n) })
			wg.Wait()
		})
	}
	run(rounds(20_000))
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	run(rounds(5_000))
}

func (i impl) races(t *testing.T, n int) {
	c := i.newChannel()
	var rd round
	b := barrier{n: 3}
	prepare := func() {
		c.Reset()
		rd = round{}
		rd.s, rd.r = c.Split()
		rd.ctx, rd.end = context.WithCancelCause(context.Background())
	}
	prepare()
	var failed atomic.Bool
	run := func(seed uint64, f func(*rand.Rand, *round, byte), after func()) func() {
		return func() {
			rnd := rand.New(rand.NewPCG(seed, 1))
			for k := range n {
				b.wait()
				f(rnd, &rd, byte(k))
				b.wait()
				if after != nil {
					after()
				}
				b.wait()
				if failed.Load() {
					return
				}
			}
		}
	}
	var wg sync.WaitGroup
	wg.Go(run(1, i.raceSender, nil))
	wg.Go(run(2, i.raceReceiver, nil))
	k := byte(0)
	wg.Go(run(3, func(rnd *rand.Rand, rd *round, _ byte) {
		pause(rnd)
		rd.end(errCause)
	}, func() {
		if !i.verify(t, &rd, k) {
			failed.Store(true)
		}
		k++
		prepare()
	}))
	wg.Wait()
}

// pause waits for a random, short time.
func pause(rnd *rand.Rand) {
	if rnd.IntN(4) == 0 {
		runtime.Gosched()
	}
	for range rnd.IntN(100) {
		spin.Load()
	}
}

var spin atomic.Bool

func (i impl) raceSender(rnd *rand.Rand, rd *round, k byte) {
	pause(rnd)
	switch rnd.IntN(4) {
	case 0:
		rd.s.PollClosed(waker.Func(func() {}))
	case 1:
		rd.closeErr = rd.s.WaitClosed(rd.ctx)
	case 2:
		rd.s.Closed()
	}
	if rnd.IntN(5) == 0 {
		rd.s.Close()
	} else {
		rd.sendErr = rd.s.Send(k)
		rd.sent = rd.sendErr == nil
	}
}

func (i impl) raceReceiver(rnd *rand.Rand, rd *round, _ byte) {
	pause(rnd)
	take := func(v byte, err error) {
		if err == nil {
			rd.got = append(rd.got, v)
		}
	}
	waited := func(v byte, err error) {
		rd.early = rd.early || err == i.errEmpty
		take(v, err)
	}
	if rnd.IntN(3) == 0 {
		w := make(chan struct{}, 2)
		if rd.r.Poll(waker.Func(func() { w <- struct{}{} })) == i.errEmpty && rnd.IntN(2) == 0 {
			<-w // The sender sends or closes.
		}
	}
	switch rnd.IntN(5) {
	case 0:
		waited(rd.r.Recv())
	case 1, 2:
		waited(rd.r.RecvContext(rd.ctx))
	case 3:
		take(rd.r.TryRecv())
	}
	if rnd.IntN(2) == 0 {
		rd.r.Close()
		pause(rnd)
		take(rd.r.TryRecv())
	}
}

func (i impl) verify(t *testing.T, rd *round, k byte) bool {
	if v, err := rd.r.TryRecv(); err == nil {
		rd.got = append(rd.got, v)
	}
	want := 0
	if rd.sent {
		want = 1
	}
	switch {
	case rd.early:
		t.Errorf("Recv: %v", i.errEmpty)
	case len(rd.got) != want || want == 1 && rd.got[0] != k:
		t.Errorf("sent %v (%v), got %v, the value was %d", rd.sent, rd.sendErr, rd.got, k)
	case rd.sendErr != nil && rd.sendErr != i.errClosed:
		t.Errorf("Send: %v", rd.sendErr)
	case rd.closeErr != nil && rd.closeErr != errCause:
		t.Errorf("WaitClosed: %v", rd.closeErr)
	default:
		return true
	}
	return false
}
