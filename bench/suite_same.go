package main

import (
	"github.com/litesync/litesync/bench/internal/harness"
	"github.com/litesync/litesync/bench/internal/result"
)

// The suite "same" enters the same code twice: what it finds between the two is
// the error of all other comparisons.

const nameAgain = "ring, again"

func sameWorkloads() []harness.Workload {
	twice := func(w harness.Workload) harness.Workload {
		w.Suite, w.Baseline = "same", nameRing
		var ours harness.Contender
		for _, c := range w.Contenders {
			if c.Name == nameRing {
				ours = c
			}
		}
		again := ours
		again.Name = nameAgain
		w.Contenders = []harness.Contender{ours, again}
		return w
	}
	return []harness.Workload{
		twice(streams("stream uint64", uints())),
		twice(pingPongs()),
		twice(pushPopAlone()),
	}
}

var sameTargets = []result.Target{
	atMost("same/stream uint64", nameAgain, nameRing, "", 1.05),
	faster("same/stream uint64", nameAgain, nameRing, "", 0.95),
	atMost("same/ping-pong", nameAgain, nameRing, "", 1.05),
	faster("same/ping-pong", nameAgain, nameRing, "", 0.95),
	atMost("same/push+pop alone", nameAgain, nameRing, "", 1.05),
	faster("same/push+pop alone", nameAgain, nameRing, "", 0.95),
}
