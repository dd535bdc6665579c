// Package linearize checks recorded histories of concurrent runs against
// sequential models, with porcupine. It is here, and not beside the packages it
// tests, so that no user's module graph gets porcupine.
package linearize

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/litesync/litesync"
	"github.com/litesync/litesync/lockfree/spsc"
	"github.com/litesync/litesync/lockfree/waker"
)

// op is a call of a channel: the name of the method and what it was given.
type op struct {
	method string
	value  int
}

// result is what it returned.
type result struct {
	value int
	err   error
}

// state is a channel as its sequential model has it.
type state struct {
	queue    string // The values, a byte each.
	capacity int
	closed   bool
}

// step is about one value: a call with a slice is recorded as one for each value,
// and one for what ended it.
func (s state) step(in op, out result) (bool, state) {
	switch in.method {
	case "Send", "TrySend", "SendContext", "Sender.Poll":
		switch {
		case s.closed:
			return out.err == spsc.ErrClosed, s
		case len(s.queue) == s.capacity:
			return out.err == whenNone[in.method], s
		case in.method != "Sender.Poll":
			s.queue += string(rune(in.value))
		}
		return out.err == nil, s
	case "Recv", "TryRecv", "RecvContext", "Receiver.Poll":
		switch {
		case s.queue == "" && s.closed:
			return out.err == spsc.ErrClosed, s
		case s.queue == "":
			return out.err == whenNone[in.method], s
		case in.method == "Receiver.Poll":
			return out.err == nil, s
		}
		v := int(s.queue[0])
		s.queue = s.queue[1:]
		return out.err == nil && out.value == v, s
	case "Close":
		s.closed = true
		return true, s
	}
	panic(in.method)
}

// errWaits is what a method would have to return that waits until it need not.
var errWaits = errors.New("still waiting")

// whenNone is what each method returns when there is no room, or no value.
var whenNone = map[string]error{
	"Send": errWaits, "TrySend": spsc.ErrFull, "SendContext": context.Canceled, "Sender.Poll": spsc.ErrFull,
	"Recv": errWaits, "TryRecv": spsc.ErrEmpty, "RecvContext": context.Canceled, "Receiver.Poll": spsc.ErrEmpty,
}

func TestSPSC(t *testing.T) {
	n := 4000
	if testing.Short() {
		n /= 10
	}
	for name, strategy := range map[string]spsc.Strategy{"Park": spsc.Park, "Yield": spsc.Yield, "Spin": spsc.Spin} {
		t.Run(name, func(t *testing.T) {
			for round := range n {
				check(t, uint64(round), strategy)
			}
		})
	}
}

// check records a run of random operations at both ends, each of which closes
// sooner or later, and checks it.
func check(t *testing.T, seed uint64, strategy spsc.Strategy) {
	capacity := 1 + int(seed%3)
	model := porcupine.Model{
		Init: func() any { return state{capacity: capacity} },
		Step: func(s, in, out any) (bool, any) { return s.(state).step(in.(op), out.(result)) },
		DescribeOperation: func(in, out any) string {
			return fmt.Sprintf("%+v -> %+v", in, out)
		},
	}
	s, r := spsc.New[int](capacity, spsc.WithStrategy(strategy))
	start := time.Now()
	var histories [2][]porcupine.Operation
	// record records a call, f, that is as good as calls of method with those results.
	record := func(client int, method string, value int, f func() []result) {
		call := time.Since(start).Nanoseconds()
		outs := f()
		// The store that publishes may reach the other core after the call has
		// returned. Without the fence the clock would be read before.
		litesync.FenceSeqCst()
		end := time.Since(start).Nanoseconds()
		for i, out := range outs {
			histories[client] = append(histories[client], porcupine.Operation{
				ClientId: client, Input: op{method, value + i}, Output: out, Call: call, Return: end,
			})
		}
	}
	one := func(v int, err error) []result { return []result{{v, err}} }
	// cancelled returns a context that is done soon.
	cancelled := func(rnd *rand.Rand) context.Context {
		ctx, cancel := context.WithCancel(context.Background())
		time.AfterFunc(time.Duration(rnd.IntN(20))*time.Microsecond, cancel)
		return ctx
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		rnd := rand.New(rand.NewPCG(seed, 1))
		// slice is the results of a call that has sent n values.
		slice := func(n int, err error) []result {
			outs := make([]result, n, n+1)
			if err != nil {
				outs = append(outs, result{0, err})
			}
			return outs
		}
		for i := 0; i < 12 && rnd.IntN(10) > 0; {
			vs := []int{i, i + 1, i + 2}[:1+rnd.IntN(3)]
			before := len(histories[0])
			switch rnd.IntN(7) {
			case 0:
				record(0, "Send", i, func() []result { return one(0, s.Send(i)) })
			case 1:
				record(0, "TrySend", i, func() []result { return one(0, s.TrySend(i)) })
			case 2:
				record(0, "SendContext", i, func() []result { return one(0, s.SendContext(cancelled(rnd), i)) })
			case 3:
				record(0, "SendContext", i, func() []result { return slice(s.SendSliceContext(cancelled(rnd), vs)) })
			case 4:
				record(0, "Send", i, func() []result { return slice(s.SendSlice(vs)) })
			case 5:
				record(0, "TrySend", i, func() []result { return slice(s.TrySendSlice(vs)) })
			case 6:
				record(0, "Sender.Poll", i, func() []result { return one(0, s.Poll(waker.Func(func() {}))) })
			}
			i += len(histories[0]) - before
		}
		record(0, "Close", 0, func() []result { s.Close(); return one(0, nil) })
		record(0, "TrySend", 0, func() []result { return one(0, s.TrySend(0)) })
	})
	wg.Go(func() {
		rnd := rand.New(rand.NewPCG(seed, 2))
		// slice is the results of a call that has received n values into dst.
		slice := func(dst []int, n int, err error) (outs []result) {
			for _, v := range dst[:n] {
				outs = append(outs, result{v, nil})
			}
			if err != nil {
				outs = append(outs, result{0, err})
			}
			return outs
		}
		recv := func() error {
			dst := make([]int, 1+rnd.IntN(3))
			switch rnd.IntN(7) {
			case 0:
				record(1, "Recv", 0, func() []result {
					if v, ok := r.Recv(); ok {
						return one(v, nil)
					}
					return one(0, spsc.ErrClosed)
				})
			case 1:
				record(1, "TryRecv", 0, func() []result { return one(r.TryRecv()) })
			case 2:
				record(1, "RecvContext", 0, func() []result { return one(r.RecvContext(cancelled(rnd))) })
			case 3:
				record(1, "RecvContext", 0, func() []result {
					n, err := r.RecvFullContext(cancelled(rnd), dst)
					return slice(dst, n, err)
				})
			case 4:
				record(1, "Recv", 0, func() []result {
					n, err := r.RecvSlice(dst)
					return slice(dst, n, err)
				})
			case 5:
				record(1, "TryRecv", 0, func() []result {
					n, err := r.TryRecvSlice(dst)
					return slice(dst, n, err)
				})
			case 6:
				record(1, "Receiver.Poll", 0, func() []result { return one(0, r.Poll(waker.Func(func() {}))) })
			}
			return histories[1][len(histories[1])-1].Output.(result).err
		}
		for range rnd.IntN(12) {
			recv()
		}
		record(1, "Close", 0, func() []result { r.Close(); return one(0, nil) })
		for recv() != spsc.ErrClosed {
		}
	})
	done := make(chan struct{})
	go func() { wg.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(30 * time.Second):
		t.Fatalf("round %d is stuck", seed)
	}
	history := append(histories[0], histories[1]...)
	if !porcupine.CheckOperations(model, history) {
		for _, h := range history {
			t.Logf("%d: %d to %d: %s", h.ClientId, h.Call, h.Return, model.DescribeOperation(h.Input, h.Output))
		}
		t.Fatalf("round %d, capacity %d: not linearizable", seed, capacity)
	}
}

// The model itself refuses what a broken channel would do.
func TestModelRefuses(t *testing.T) {
	lost := []porcupine.Operation{
		{Input: op{"Send", 1}, Output: result{}, Call: 0, Return: 1},
		{ClientId: 1, Input: op{"Close", 0}, Output: result{}, Call: 0, Return: 2},
		{ClientId: 1, Input: op{"TryRecv", 0}, Output: result{0, spsc.ErrClosed}, Call: 3, Return: 4},
	}
	model := porcupine.Model{
		Init: func() any { return state{capacity: 1} },
		Step: func(s, in, out any) (bool, any) { return s.(state).step(in.(op), out.(result)) },
	}
	if porcupine.CheckOperations(model, lost) {
		t.Error("a lost value went unnoticed")
	}
}
