package main

import (
	"fmt"

	"github.com/litesync/litesync/bench/internal/harness"
	"github.com/litesync/litesync/bench/internal/result"
)

// Names of contenders that targets speak of.
const (
	nameEmpty   = "empty" // the program's own overhead
	nameRing    = "ring"
	nameSlices  = "ring, slices of 64"
	nameInPlace = "ring, reserve 64"
	nameChan    = "channel"
	nameAtomic  = "sync/atomic ring"
	nameXsync   = "xsync SPSCQueue"
)

// A contender of your own goes into these three lists; see README.md.

func queues[T any]() []Contender[Queue[T]] {
	return []Contender[Queue[T]]{
		{nameEmpty, func(n int) Queue[T] { return newEmpty[T](n) }},
		{nameRing, func(n int) Queue[T] { return newRings[T](n) }},
		{nameSlices, func(n int) Queue[T] { return newRingSlices[T](n, 64) }},
		{nameInPlace, func(n int) Queue[T] { return newRingInPlace[T](n, 64) }},
		{nameChan, func(n int) Queue[T] { return newChannels[T](n) }},
		{nameAtomic, func(n int) Queue[T] { return newAtomicRings[T](n) }},
		{nameXsync, func(n int) Queue[T] { return newXsync[T](n) }},
	}
}

func loners[T any]() []Contender[Loner[T]] {
	return []Contender[Loner[T]]{
		{nameEmpty, func(n int) Loner[T] { return newEmpty[T](n) }},
		{nameRing, func(n int) Loner[T] { return newRings[T](n) }},
		{nameSlices, func(n int) Loner[T] { return newRingSlices[T](n, 64) }},
		{nameChan, func(n int) Loner[T] { return newChannels[T](n) }},
		{nameAtomic, func(n int) Loner[T] { return newAtomicRings[T](n) }},
		{nameXsync, func(n int) Loner[T] { return newXsync[T](n) }},
	}
}

func echoes[T any]() []Contender[Echo[T]] {
	return []Contender[Echo[T]]{
		{nameEmpty, func(n int) Echo[T] { return newEmpty[T](n) }},
		{nameRing, func(n int) Echo[T] { return newRings[T](n) }},
		{nameChan, func(n int) Echo[T] { return newChannels[T](n) }},
		{nameAtomic, func(n int) Echo[T] { return newAtomicRings[T](n) }},
		{nameXsync, func(n int) Echo[T] { return newXsync[T](n) }},
	}
}

const capacity = 1024

func ringWorkloads() []harness.Workload {
	ws := []harness.Workload{
		streams("stream uint64", uints()),
		streams("stream 64-byte struct", lines()),
		streams("stream pointer", pointers()),
		pingPongs(),
		{Suite: "ring", Name: "ping-pong latency", Baseline: nameChan, Contenders: named(echoes[uint64](), func(c Contender[Echo[uint64]]) harness.Contender {
			return pingPongLatency(c, capacity, 1)
		})},
		pushPopAlone(),
	}
	for n := 1; n <= 1<<20; n *= 4 {
		ws = append(ws, sweep(n))
	}
	for n := 1; n <= values; n *= 4 {
		ws = append(ws, batches(n))
	}
	return ws
}

// streams is one producer and one consumer at the usual capacity.
func streams[T comparable](name string, vals *[values]T) harness.Workload {
	return harness.Workload{Suite: "ring", Name: name, Baseline: nameChan, Step: values, Contenders: named(queues[T](), func(c Contender[Queue[T]]) harness.Contender {
		return stream(c, capacity, vals)
	})}
}

func pingPongs() harness.Workload {
	return harness.Workload{Suite: "ring", Name: "ping-pong", Baseline: nameChan, Contenders: named(echoes[uint64](), func(c Contender[Echo[uint64]]) harness.Contender {
		return pingPong(c, capacity, 1)
	})}
}

func pushPopAlone() harness.Workload {
	vals := uints()
	return harness.Workload{Suite: "ring", Name: "push+pop alone", Baseline: nameChan, Place: harness.Alone, Step: values, Contenders: named(loners[uint64](), func(c Contender[Loner[uint64]]) harness.Contender {
		return alone(c, capacity, vals)
	})}
}

// sweep is the stream at another capacity. It warms up by going around the
// storage, so that the pages are there.
func sweep(n int) harness.Workload {
	vals := uints()
	var cs []harness.Contender
	for _, c := range queues[uint64]() {
		switch c.Name {
		case nameRing, nameChan, nameXsync:
			cs = append(cs, stream(c, n, vals))
		}
	}
	return harness.Workload{Suite: "ring", Name: fmt.Sprintf("capacity %d", n), Series: "capacity", X: float64(n), Baseline: nameChan, Step: values, Warm: n, Contenders: cs}
}

// batches is the stream in slices of another size.
func batches(n int) harness.Workload {
	vals := uints()
	return harness.Workload{Suite: "ring", Name: fmt.Sprintf("batch %d", n), Series: "batch size", X: float64(n), Step: values, Contenders: []harness.Contender{
		stream(Contender[Queue[uint64]]{"ring, slices", func(c int) Queue[uint64] { return newRingSlices[uint64](c, n) }}, capacity, vals),
		stream(Contender[Queue[uint64]]{"ring, reserve", func(c int) Queue[uint64] { return newRingInPlace[uint64](c, n) }}, capacity, vals),
	}}
}

var ringTargets = []result.Target{
	faster("ring/stream uint64", nameRing, nameAtomic, result.Neighbours, 4.5),
	faster("ring/stream uint64", nameRing, nameAtomic, result.Far, 2.5),
	faster("ring/stream uint64", nameRing, nameXsync, result.Neighbours, 4.5),
	faster("ring/stream uint64", nameRing, nameXsync, result.Far, 2.5),
	faster("ring/stream uint64", nameRing, nameChan, result.Neighbours, 6),
	faster("ring/stream uint64", nameRing, nameChan, result.Far, 4),
	atMost("ring/stream uint64", nameRing, result.Raw, result.Neighbours, 0.04),
	atMost("ring/stream uint64", nameRing, result.Raw, result.Far, 0.06),
	atMost("ring/stream uint64", nameSlices, result.Raw, "", 0.015),
	atMost("ring/stream uint64", nameInPlace, result.Raw, "", 0.015),
	atMost("ring/stream uint64", nameSlices, nameRing, "", 1),
	atMost("ring/stream uint64", nameInPlace, nameRing, "", 1),
	atMost("ring/stream 64-byte struct", nameSlices, nameRing, "", 1),
	atMost("ring/stream pointer", nameSlices, nameRing, "", 1),
	atMost("ring/ping-pong", nameRing, result.Raw, "", 1.15),
	atMost("ring/push+pop alone", nameRing, nameChan, result.All, 0.15),
}

func faster(workload, contender, baseline string, class result.Class, limit float64) result.Target {
	return result.Target{Workload: workload, Contender: contender, Baseline: baseline, Class: class, Faster: true, Limit: limit}
}

func atMost(workload, contender, baseline string, class result.Class, limit float64) result.Target {
	return result.Target{Workload: workload, Contender: contender, Baseline: baseline, Class: class, Limit: limit}
}
