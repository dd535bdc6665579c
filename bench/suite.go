package main

import (
	"github.com/litesync/litesync/bench/internal/harness"
	"github.com/litesync/litesync/bench/internal/result"
)

// Suite is the workloads about one package, and what they are to show.
type Suite struct {
	Name      string
	Workloads func() []harness.Workload
	Targets   []result.Target
	Sizes     func() []result.Size // nil: nothing to tell
}

// suites is all of them, in the order in which they run.
var suites = []Suite{
	{"same", sameWorkloads, sameTargets, nil},
	{"ring", ringWorkloads, ringTargets, nil},
}

// named turns contenders into the harness's, in order.
func named[Q any](cs []Contender[Q], view func(Contender[Q]) harness.Contender) []harness.Contender {
	var out []harness.Contender
	for _, c := range cs {
		out = append(out, view(c))
	}
	return out
}
