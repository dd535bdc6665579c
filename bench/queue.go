package main

import (
	"fmt"

	"github.com/litesync/litesync/bench/internal/harness"
)

// values is how many different items the streams carry; every stream's length
// is a multiple of it.
const values = 256

// Queue is a contender of the streaming workloads. One goroutine calls Send
// while another calls Recv; each method is a whole loop in the contender's own
// code, so that the measurement costs no call per item.
type Queue[T any] interface {
	// Send puts n items in: vals over and over. n is a multiple of values.
	Send(vals *[values]T, n int)
	// Recv takes n items out and returns the last.
	Recv(n int) T
}

// Loner is a Queue with both ends on one goroutine.
type Loner[T any] interface {
	// Both puts n items in and takes each out again, and returns the last.
	Both(vals *[values]T, n int) T
}

// Echo is a contender of the ping-pong workloads: a queue there and a queue
// back.
type Echo[T any] interface {
	// Ping sends v there and waits for the answer, n times.
	Ping(v T, n int)
	// Pong waits for an item and sends it back, n times.
	Pong(n int)
}

// Contender is a named Queue, Loner or Echo.
type Contender[Q any] struct {
	Name string
	New  func(capacity int) Q
}

// stream is the workload's view of a Queue.
func stream[T comparable](c Contender[Queue[T]], capacity int, vals *[values]T) harness.Contender {
	return harness.Contender{Name: c.Name, Make: func() harness.Work {
		q := c.New(capacity)
		var last T
		return harness.Work{
			A:     func(n int) { q.Send(vals, n) },
			B:     func(n int) { last = q.Recv(n) },
			Check: func(int) error { return isLast(last, vals) },
		}
	}}
}

// alone is the workload's view of a Loner.
func alone[T comparable](c Contender[Loner[T]], capacity int, vals *[values]T) harness.Contender {
	return harness.Contender{Name: c.Name, Make: func() harness.Work {
		q := c.New(capacity)
		var last T
		return harness.Work{
			A:     func(n int) { last = q.Both(vals, n) },
			Check: func(int) error { return isLast(last, vals) },
		}
	}}
}

func isLast[T comparable](got T, vals *[values]T) error {
	if want := vals[values-1]; got != want {
		return fmt.Errorf("the last item is %v, want %v: items were lost, doubled or reordered", got, want)
	}
	return nil
}

// pingPong is the workload's view of an Echo.
func pingPong[T any](c Contender[Echo[T]], capacity int, v T) harness.Contender {
	return harness.Contender{Name: c.Name, Make: func() harness.Work {
		q := c.New(capacity)
		return harness.Work{
			A: func(n int) { q.Ping(v, n) },
			B: q.Pong,
		}
	}}
}

// pingPongLatency times every single round trip.
func pingPongLatency[T any](c Contender[Echo[T]], capacity int, v T) harness.Contender {
	return harness.Contender{Name: c.Name, Make: func() harness.Work {
		q := c.New(capacity)
		lat := harness.NewRecorder()
		return harness.Work{
			A: func(n int) {
				for range n {
					start := lat.Now()
					q.Ping(v, 1)
					lat.Since(start)
				}
			},
			B:       q.Pong,
			Latency: lat,
		}
	}}
}

// The items of the streams.
type line [64]byte

func uints() *[values]uint64 {
	var vals [values]uint64
	for i := range vals {
		vals[i] = uint64(i) + 1
	}
	return &vals
}

func lines() *[values]line {
	var vals [values]line
	for i := range vals {
		vals[i][0], vals[i][63] = byte(i), byte(i)+1
	}
	return &vals
}

func pointers() *[values]*uint64 {
	var vals [values]*uint64
	for i := range vals {
		vals[i] = new(uint64)
	}
	return &vals
}
