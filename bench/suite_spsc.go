package main

import (
	"fmt"

	"github.com/litesync/litesync/bench/internal/harness"
	"github.com/litesync/litesync/bench/internal/result"
	"github.com/litesync/litesync/lockfree/ring"
	"github.com/litesync/litesync/lockfree/spsc"
)

const (
	namePark       = "spsc"
	nameYield      = "spsc, Yield"
	nameSpin       = "spsc, Spin"
	nameSpscSlices = "spsc, slices of 64"
	nameUnbuffered = "channel, unbuffered"
	nameWorkiva    = "Workiva RingBuffer"
)

// A contender of your own that blocks goes into these two lists; see README.md.

func blockingQueues[T any]() []Contender[Queue[T]] {
	return []Contender[Queue[T]]{
		{nameEmpty, func(n int) Queue[T] { return newEmpty[T](n) }},
		{namePark, func(n int) Queue[T] { return newSpscs[T](n, spsc.Park) }},
		{nameYield, func(n int) Queue[T] { return newSpscs[T](n, spsc.Yield) }},
		{nameSpin, func(n int) Queue[T] { return newSpscs[T](n, spsc.Spin) }},
		{nameSpscSlices, func(n int) Queue[T] { return newSpscSlices[T](n, 64, spsc.Park) }},
		{nameRing, func(n int) Queue[T] { return newRings[T](n) }},
		{nameChan, func(n int) Queue[T] { return newBlockingChannels[T](n) }},
		{nameUnbuffered, func(n int) Queue[T] { return newBlockingChannels[T](0) }},
		{nameXsync, func(n int) Queue[T] { return newXsync[T](n) }},
		{nameWorkiva, func(n int) Queue[T] { return newWorkiva[T](n) }},
	}
}

func blockingEchoes[T any]() []Contender[Echo[T]] {
	return []Contender[Echo[T]]{
		{nameEmpty, func(n int) Echo[T] { return newEmpty[T](n) }},
		{namePark, func(n int) Echo[T] { return newSpscs[T](n, spsc.Park) }},
		{nameYield, func(n int) Echo[T] { return newSpscs[T](n, spsc.Yield) }},
		{nameSpin, func(n int) Echo[T] { return newSpscs[T](n, spsc.Spin) }},
		{nameChan, func(n int) Echo[T] { return newBlockingChannels[T](n) }},
		{nameUnbuffered, func(n int) Echo[T] { return newBlockingChannels[T](0) }},
		{nameWorkiva, func(n int) Echo[T] { return newWorkiva[T](n) }},
	}
}

func spscWorkloads() []harness.Workload {
	vals := uints()
	queue := func(name string, place harness.Place, capacity int, only ...string) harness.Workload {
		return harness.Workload{Suite: "spsc", Name: name, Baseline: nameChan, Place: place, Step: values,
			Contenders: pick(named(blockingQueues[uint64](), func(c Contender[Queue[uint64]]) harness.Contender {
				return stream(c, capacity, vals)
			}), only)}
	}
	echo := func(name string, place harness.Place, view func(Contender[Echo[uint64]], int, uint64) harness.Contender) harness.Workload {
		return harness.Workload{Suite: "spsc", Name: name, Baseline: nameChan, Place: place,
			Contenders: named(blockingEchoes[uint64](), func(c Contender[Echo[uint64]]) harness.Contender {
				return view(c, capacity, 1)
			})}
	}
	ws := []harness.Workload{
		queue("stream", harness.Free, capacity),
		queue("stream, pinned", harness.Pinned, capacity, nameEmpty, nameSpin, nameRing, nameXsync),
		echo("ping-pong", harness.Free, pingPong),
		echo("ping-pong latency", harness.Free, pingPongLatency),
		echo("ping-pong, pinned", harness.PinnedSleepers, pingPong),
		echo("ping-pong, GOMAXPROCS=1", harness.OneP, pingPong),
		newAndClose(),
	}
	for _, n := range []int{1, 2} {
		ws = append(ws,
			queue(fmt.Sprintf("stream, capacity %d", n), harness.Free, n, namePark, nameChan),
			queue(fmt.Sprintf("stream, capacity %d, GOMAXPROCS=1", n), harness.OneP, n, namePark, nameChan))
	}
	return ws
}

// newAndClose makes a channel of capacity 16 and closes it. No channel of two
// ends apart can be faster than its allocation.
func newAndClose() harness.Workload {
	return harness.Workload{Suite: "spsc", Name: "new and close, capacity 16", Baseline: nameChan, Place: harness.OneP, Scale: 6, Contenders: []harness.Contender{
		{Name: nameEmpty, Make: emptyLoop},
		among(namePark, func(n int) {
			for range n {
				s, r := spsc.New[uint64](16)
				escape(s)
				s.Close()
				r.Close()
			}
		}),
		among(nameChan, func(n int) {
			for range n {
				c := make(chan uint64, 16)
				escape(c)
				close(c)
			}
		}),
		among("spsc, its allocation", func(n int) {
			for range n {
				escape(new(struct {
					spsc.Sender[uint64] // both ends
					slots               [16 + ring.Spare]uint64
				}))
			}
		}),
	}}
}

func spscSizes() []result.Size {
	const group = "bytes per channel of uint64"
	var sizes []result.Size
	for _, n := range []int{1, 64, 1024} {
		sizes = append(sizes,
			result.Size{Group: group, Name: fmt.Sprintf("spsc.New, capacity %d", n), Bytes: allocated(func() {
				s, _ := spsc.New[uint64](n)
				escape(s)
			})},
			result.Size{Group: group, Name: fmt.Sprintf("Go channel, capacity %d", n), Bytes: allocated(func() { escape(make(chan uint64, n)) })})
	}
	return sizes
}

var spscTargets = []result.Target{
	faster("spsc/stream", namePark, nameChan, "", 3),
	faster("spsc/stream", nameSpscSlices, nameChan, "", 15),
	atMost("spsc/stream, pinned", nameSpin, nameRing, "", 1.3),
	atMost("spsc/ping-pong", namePark, nameChan, "", 0.6),
	atMost("spsc/ping-pong, GOMAXPROCS=1", namePark, nameChan, "", 0.6),
	atMost("spsc/ping-pong, pinned", nameSpin, result.Raw, "", 1.3),
	faster("spsc/ping-pong, pinned", nameSpin, nameChan, "", 100),
	faster("spsc/ping-pong, pinned", namePark, nameChan, "", 100),
	atMost("spsc/stream, capacity 1", namePark, nameChan, "", 1),
	atMost("spsc/stream, capacity 2", namePark, nameChan, "", 1),
	atMost("spsc/stream, capacity 1, GOMAXPROCS=1", namePark, nameChan, "", 1),
	atMost("spsc/stream, capacity 2, GOMAXPROCS=1", namePark, nameChan, "", 1),
	atMost("spsc/new and close, capacity 16", namePark, nameChan, result.All, 1.5),
}
