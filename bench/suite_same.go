package main

import (
	"slices"

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

var sameTargets = slices.Concat(
	equal("same/stream uint64"),
	equal("same/ping-pong"),
	equal("same/push+pop alone"),
)

// equal demands that the two are within 5 % of each other in a full run.
func equal(workload string) []result.Target {
	below := atMost(workload, nameAgain, nameRing, "", 1.05)
	above := faster(workload, nameAgain, nameRing, "", 0.95)
	below.Full, above.Full = true, true
	return []result.Target{below, above}
}
