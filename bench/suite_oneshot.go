package main

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"unsafe"

	"github.com/litesync/litesync/bench/internal/harness"
	"github.com/litesync/litesync/bench/internal/result"
	"github.com/litesync/litesync/lockfree/oneshot"
	"github.com/litesync/litesync/lockfree/oneshot/lite"
)

const (
	nameOneshot  = "oneshot.New"
	nameEmbedded = "oneshot, embedded"
	nameLiteNew  = "lite.New"
	nameLite     = "lite, embedded"
	nameChan1    = "channel of 1"
	nameContext  = "context.WithCancel"
)

func oneshotWorkloads() []harness.Workload {
	return []harness.Workload{
		{Suite: "oneshot", Name: "create, send, receive alone", Baseline: nameChan1, Place: harness.OneP, Scale: 6, Contenders: []harness.Contender{
			{Name: nameEmpty, Make: emptyLoop},
			among(nameOneshot, func(n int) {
				for range n {
					s, r := oneshot.New[uint64]()
					escape(s)
					s.Send(1)
					r.Recv()
				}
			}),
			among(nameEmbedded, func(n int) {
				c := new(oneshot.Chan[uint64])
				escape(c)
				for range n {
					s, r := c.Split()
					s.Send(1)
					r.Recv()
					c.Reset()
				}
			}),
			among(nameLiteNew, func(n int) {
				for range n {
					s, r := lite.New[uint8]()
					escape(s)
					s.Send(1)
					r.Recv()
				}
			}),
			among(nameLite, func(n int) {
				c := new(lite.Chan[uint8])
				escape(c)
				for range n {
					s, r := c.Split()
					s.Send(1)
					r.Recv()
					c.Reset()
				}
			}),
			among(nameChan1, func(n int) {
				for range n {
					c := make(chan uint64, 1)
					escape(c)
					c <- 1
					<-c
				}
			}),
			among(nameContext, func(n int) {
				for range n {
					ctx, cancel := context.WithCancel(context.Background())
					cancel()
					<-ctx.Done()
				}
			}),
		}},
		{Suite: "oneshot", Name: "hand over, receiver parked", Baseline: nameChan1, Place: harness.Free, Contenders: handOvers(false)},
		{Suite: "oneshot", Name: "hand over, receiver parked, GOMAXPROCS=1", Baseline: nameChan1, Place: harness.OneP, Contenders: handOvers(false)},
		{Suite: "oneshot", Name: "hand over, receiver polls", Baseline: nameChan1, Place: harness.Pinned, Contenders: handOvers(true)},
	}
}

// among is a contender on one goroutine of a program that has other data. What
// it allocates has to be collected, and what that costs it depends on the
// program. On one P all of it is in the time; with GOGC=100 it is, for each byte
// allocated, that of marking about one byte of live data, however much there is.
// Left to chance the same loop takes from 55 ns with a channel, where no cycle
// ends in the round, to 210, by what other suites have left behind.
func among(name string, a func(n int)) harness.Contender {
	return harness.Contender{Name: name, Make: func() harness.Work {
		var before int
		var data *node
		return harness.Work{
			Prepare: func(int) {
				for range 8 << 20 / unsafe.Sizeof(node{}) {
					data = &node{next: data}
				}
				before = debug.SetGCPercent(100)
				runtime.GC()
			},
			A: a,
			Check: func(int) error {
				debug.SetGCPercent(before)
				data = nil
				return nil
			},
		}
	}}
}

type node struct {
	next *node
	_    [56]byte
}

// handOvers pass a value there and one back through one-shot channels that were
// made before, a fresh pair for each round trip.
func handOvers(polling bool) []harness.Contender {
	oneshots := handOver(nameEmbedded, func(cs []oneshot.Chan[uint64], i int) {
		s, _ := cs[i].Split()
		s.Send(1)
	}, func(cs []oneshot.Chan[uint64], i int) {
		_, r := cs[i].Split()
		if !polling {
			r.Recv()
			return
		}
		for {
			if _, err := r.TryRecv(); err == nil {
				return
			}
		}
	}, nil)
	lites := handOver(nameLite, func(cs []lite.Chan[uint8], i int) {
		s, _ := cs[i].Split()
		s.Send(1)
	}, func(cs []lite.Chan[uint8], i int) {
		_, r := cs[i].Split()
		if !polling {
			r.Recv()
			return
		}
		for {
			if _, err := r.TryRecv(); err == nil {
				return
			}
		}
	}, nil)
	chans := handOver(nameChan1, func(cs []chan uint64, i int) {
		cs[i] <- 1
	}, func(cs []chan uint64, i int) {
		if !polling {
			<-cs[i]
			return
		}
		poll(cs[i])
	}, func(cs []chan uint64) {
		for i := range cs {
			cs[i] = make(chan uint64, 1)
		}
	})
	return []harness.Contender{oneshots, lites, chans}
}

// handOver is one contender with its own channels.
func handOver[C any](name string, send, recv func(cs []C, i int), fill func([]C)) harness.Contender {
	return harness.Contender{Name: name, Make: func() harness.Work {
		var there, back []C
		return harness.Work{
			Prepare: func(n int) {
				there, back = make([]C, n), make([]C, n)
				if fill != nil {
					fill(there)
					fill(back)
				}
			},
			A: func(n int) {
				for i := range n {
					send(there, i)
					recv(back, i)
				}
			},
			B: func(n int) {
				for i := range n {
					recv(there, i)
					send(back, i)
				}
			},
		}
	}}
}

var oneshotTargets = []result.Target{
	atMost("oneshot/create, send, receive alone", nameOneshot, nameChan1, result.All, 0.4),
	atMost("oneshot/create, send, receive alone", nameEmbedded, nameChan1, result.All, 0.12),
	atMost("oneshot/create, send, receive alone", nameLite, nameChan1, result.All, 0.1),
	atMost("oneshot/hand over, receiver parked", nameEmbedded, nameChan1, "", 0.65),
	atMost("oneshot/hand over, receiver parked, GOMAXPROCS=1", nameEmbedded, nameChan1, "", 0.65),
	atMost("oneshot/hand over, receiver polls", nameEmbedded, result.Raw, "", 1.6),
	atMost("oneshot/hand over, receiver polls", nameLite, result.Raw, "", 1.6),
}

func oneshotSizes() []result.Size {
	var sizes []result.Size
	add := func(name string, bytes float64) {
		sizes = append(sizes, result.Size{Group: "bytes per one-shot channel", Name: name, Bytes: bytes})
	}
	addOneshot[struct{}](add, "struct{}")
	addOneshot[uint64](add, "uint64")
	addOneshot[*uint64](add, "pointer")
	add("lite.Chan", float64(unsafe.Sizeof(lite.Chan[uint8]{})))
	return sizes
}

func addOneshot[T any](add func(string, float64), typ string) {
	add(fmt.Sprintf("oneshot.New, %s", typ), allocated(func() {
		s, _ := oneshot.New[T]()
		escape(s)
	}))
	add(fmt.Sprintf("oneshot.Chan, %s", typ), float64(unsafe.Sizeof(oneshot.Chan[T]{})))
	add(fmt.Sprintf("make(chan, 1), %s", typ), allocated(func() { escape(make(chan T, 1)) }))
}
