// Package linearize checks recorded histories of concurrent runs against
// sequential models, with porcupine. It is here, and not beside the packages it
// tests, so that no user's module graph gets porcupine.
package linearize

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/litesync/litesync"
	"github.com/litesync/litesync/lockfree/spsc"
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

func (s state) step(in op, out result) (bool, state) {
	switch in.method {
	case "Send", "TrySend":
		switch {
		case s.closed:
			return out.err == spsc.ErrClosed, s
		case len(s.queue) == s.capacity:
			return in.method == "TrySend" && out.err == spsc.ErrFull, s
		}
		s.queue += string(rune(in.value))
		return out.err == nil, s
	case "Recv", "TryRecv":
		switch {
		case s.queue != "":
			v := int(s.queue[0])
			s.queue = s.queue[1:]
			return out.err == nil && out.value == v, s
		case s.closed:
			return out.err == spsc.ErrClosed, s
		}
		return in.method == "TryRecv" && out.err == spsc.ErrEmpty, s
	case "Close":
		s.closed = true
		return true, s
	}
	panic(in.method)
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
	record := func(client int, in op, f func() result) {
		call := time.Since(start).Nanoseconds()
		out := f()
		// The store that publishes may reach the other core after the call has
		// returned. Without the fence the clock would be read before.
		litesync.FenceSeqCst()
		histories[client] = append(histories[client], porcupine.Operation{
			ClientId: client, Input: in, Output: out, Call: call, Return: time.Since(start).Nanoseconds(),
		})
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		rnd := rand.New(rand.NewPCG(seed, 1))
		for i := range rnd.IntN(12) {
			if rnd.IntN(2) == 0 {
				record(0, op{"Send", i}, func() result { return result{0, s.Send(i)} })
			} else {
				record(0, op{"TrySend", i}, func() result { return result{0, s.TrySend(i)} })
			}
		}
		record(0, op{"Close", 0}, func() result { s.Close(); return result{} })
		record(0, op{"TrySend", 0}, func() result { return result{0, s.TrySend(0)} })
	})
	wg.Go(func() {
		rnd := rand.New(rand.NewPCG(seed, 2))
		recv := func() (err error) {
			method, f := "TryRecv", r.TryRecv
			if rnd.IntN(2) == 0 {
				method, f = "Recv", func() (int, error) {
					v, ok := r.Recv()
					if !ok {
						return 0, spsc.ErrClosed
					}
					return v, nil
				}
			}
			record(1, op{method, 0}, func() result {
				var v int
				v, err = f()
				return result{v, err}
			})
			return err
		}
		for range rnd.IntN(12) {
			recv()
		}
		record(1, op{"Close", 0}, func() result { r.Close(); return result{} })
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
