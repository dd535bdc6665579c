package main

import (
	"fmt"
	"runtime"

	"github.com/litesync/litesync"
	"github.com/litesync/litesync/bench/internal/harness"
	"github.com/litesync/litesync/lockfree/spsc"
)

// The suite "openloop" sends at a fixed rate, whatever the receiver does, and
// takes each latency from the moment at which the message was due: a stall
// counts for every message that it delayed.

// link is one direction of a contender that blocks.
type link interface {
	send(v uint64)
	recv() uint64
}

type links struct {
	name string
	make func() link
}

// A contender of your own goes into this list.
func allLinks() []links {
	return []links{
		{namePark, func() link { return newSpscLink(spsc.Park) }},
		{nameYield, func() link { return newSpscLink(spsc.Yield) }},
		{nameSpin, func() link { return newSpscLink(spsc.Spin) }},
		{nameChan, func() link { return make(chanLink, capacity) }},
	}
}

type spscLink struct {
	s *spsc.Sender[uint64]
	r *spsc.Receiver[uint64]
}

func newSpscLink(strategy spsc.Strategy) *spscLink {
	s, r := spsc.New[uint64](capacity, spsc.WithStrategy(strategy))
	return &spscLink{s, r}
}

func (l *spscLink) send(v uint64) { l.s.Send(v) }

func (l *spscLink) recv() uint64 {
	v, _ := l.r.Recv()
	return v
}

type chanLink chan uint64

func (l chanLink) send(v uint64) { l <- v }
func (l chanLink) recv() uint64  { return <-l }

func openloopWorkloads() []harness.Workload {
	var ws []harness.Workload
	for _, rate := range []float64{10e3, 50e3, 200e3, 1e6, 2e6, 5e6} {
		name := fmt.Sprintf("%g thousand a second", rate/1e3)
		if rate >= 1e6 {
			name = fmt.Sprintf("%g million a second", rate/1e6)
		}
		w := harness.Workload{Suite: "openloop", Name: name, Series: "messages a second", X: rate, Place: harness.Free, Scale: 2, LatencyOnly: true}
		for _, l := range allLinks() {
			w.Contenders = append(w.Contenders, openLoop(l, rate))
		}
		ws = append(ws, w)
	}
	return ws
}

func openLoop(l links, rate float64) harness.Contender {
	return harness.Contender{Name: l.name, Make: func() harness.Work {
		c := l.make()
		lat := harness.NewRecorder()
		interval := litesync.TicksPerSecond() / rate
		spare := uint64(litesync.TicksPerSecond() / 1e6)
		return harness.Work{
			A: func(n int) {
				// By the first message the receiver is waiting.
				start := litesync.Ticks() + 100*spare
				for i := range n {
					due := start + uint64(float64(i)*interval)
					// The sender gives way while it has time.
					for litesync.Ticks()+spare < due {
						runtime.Gosched()
					}
					for litesync.Ticks() < due {
					}
					c.send(due)
				}
			},
			B: func(n int) {
				for range n {
					lat.Since(c.recv())
				}
			},
			Latency: lat,
		}
	}}
}
