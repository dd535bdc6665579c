package main

import (
	"fmt"
	"sync"

	"github.com/litesync/litesync/bench/internal/harness"
	"github.com/litesync/litesync/bench/internal/result"
	"github.com/litesync/litesync/lockfree/fanin"
	"github.com/litesync/litesync/lockfree/spsc"
)

const (
	nameFanin       = "fanin"
	nameFaninSlices = "fanin, slices of 64"
)

// funnel is a contender of the workloads with many producers. Each calls send
// with its number; each method is a whole loop.
type funnel interface {
	send(producer int, vals *[values]uint64, n int)
	recv(n int) (sum uint64)
}

// A contender of your own goes into this list.
func funnels(producers int) []Contender[funnel] {
	return []Contender[funnel]{
		{nameFanin, func(n int) funnel { return newFanins(n, producers) }},
		{nameFaninSlices, func(n int) funnel { return &faninSlices{*newFanins(n, producers), 64} }},
		{nameChan, func(n int) funnel { return sharedChan(make(chan uint64, n)) }},
	}
}

func faninWorkloads() []harness.Workload {
	var ws []harness.Workload
	vals := uints()
	for _, producers := range []int{1, 4, 100} {
		ws = append(ws, harness.Workload{
			Suite: "fanin", Name: fmt.Sprintf("%d producers", producers), Series: "producers", X: float64(producers),
			Baseline: nameChan, Place: harness.Free, Step: values * producers,
			Contenders: named(funnels(producers), func(c Contender[funnel]) harness.Contender {
				return funneled(c, producers, vals)
			}),
		})
	}
	return ws
}

// funneled is the workload's view of a funnel.
func funneled(c Contender[funnel], producers int, vals *[values]uint64) harness.Contender {
	each := uint64(0)
	for _, v := range vals {
		each += v
	}
	return harness.Contender{Name: c.Name, Make: func() harness.Work {
		f := c.New(capacity)
		var sum uint64
		return harness.Work{
			A: func(n int) {
				var wg sync.WaitGroup
				for i := range producers {
					wg.Go(func() { f.send(i, vals, n/producers) })
				}
				wg.Wait()
			},
			B: func(n int) { sum = f.recv(n) },
			Check: func(n int) error {
				if want := each * uint64(n/values); sum != want {
					return fmt.Errorf("the sum of %d items is %d, want %d: items were lost or doubled", n, sum, want)
				}
				return nil
			},
		}
	}}
}

// fanins is our fan-in, one item at a time.
type fanins struct {
	producers []*spsc.Sender[uint64]
	consumer  *fanin.Consumer[uint64]
}

func newFanins(capacity, producers int) *fanins {
	f := &fanins{consumer: fanin.New[uint64](capacity, producers)}
	for range producers {
		p, err := f.consumer.AddProducer()
		if err != nil {
			panic(err)
		}
		f.producers = append(f.producers, p)
	}
	return f
}

func (f *fanins) send(producer int, vals *[values]uint64, n int) {
	p := f.producers[producer]
	for i := range n {
		p.Send(vals[i%values])
	}
}

func (f *fanins) recv(n int) (sum uint64) {
	c := f.consumer
	for range n {
		v, _ := c.Recv()
		sum += v
	}
	return sum
}

// faninSlices is our fan-in with SendSlice and RecvSlice.
type faninSlices struct {
	fanins
	batch int
}

func (f *faninSlices) send(producer int, vals *[values]uint64, n int) {
	p := f.producers[producer]
	for i := 0; i < n; i += f.batch {
		at := i % values
		p.SendSlice(vals[at : at+f.batch])
	}
}

func (f *faninSlices) recv(n int) (sum uint64) {
	c := f.consumer
	buf := make([]uint64, f.batch)
	for i := 0; i < n; {
		k, _ := c.RecvSlice(buf)
		for _, v := range buf[:k] {
			sum += v
		}
		i += k
	}
	return sum
}

// sharedChan is a Go channel that all producers share.
type sharedChan chan uint64

func (c sharedChan) send(_ int, vals *[values]uint64, n int) {
	for i := range n {
		c <- vals[i%values]
	}
}

func (c sharedChan) recv(n int) (sum uint64) {
	for range n {
		sum += <-c
	}
	return sum
}

var faninTargets = []result.Target{
	faster("fanin/4 producers", nameFanin, nameChan, "", 2),
	faster("fanin/4 producers", nameFaninSlices, nameChan, "", 8),
}
