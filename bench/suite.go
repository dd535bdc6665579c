package main

import (
	"math"
	"runtime"
	"slices"

	"github.com/litesync/litesync/bench/internal/harness"
	"github.com/litesync/litesync/bench/internal/result"
)

// Suite is the workloads about one package, and what they are to show.
type Suite struct {
	Name      string
	Workloads func() []harness.Workload
	Targets   []result.Target
	Sizes     func() []result.Size // nil: nothing to tell
	// Full says that a quick run leaves the suite out unless it is asked for.
	Full bool
}

// suites is all of them, in the order in which they run.
var suites = []Suite{
	{"same", sameWorkloads, sameTargets, nil, false},
	{"ring", ringWorkloads, ringTargets, nil, false},
	{"spsc", spscWorkloads, spscTargets, spscSizes, false},
	{"oneshot", oneshotWorkloads, oneshotTargets, oneshotSizes, false},
	{"notify", notifyWorkloads, notifyTargets, notifySizes, false},
	{"waker", wakerWorkloads, wakerTargets, nil, false},
	{"fanin", faninWorkloads, faninTargets, nil, false},
	{"openloop", openloopWorkloads, nil, nil, false},
	{"embedded", embeddedWorkloads, nil, embeddedSizes, true},
}

// named turns contenders into the harness's, in order.
func named[Q any](cs []Contender[Q], view func(Contender[Q]) harness.Contender) []harness.Contender {
	var out []harness.Contender
	for _, c := range cs {
		out = append(out, view(c))
	}
	return out
}

// pick keeps the contenders with those names; all, if there are no names.
func pick(cs []harness.Contender, names []string) []harness.Contender {
	if len(names) == 0 {
		return cs
	}
	return slices.DeleteFunc(cs, func(c harness.Contender) bool { return !slices.Contains(names, c.Name) })
}

// loop makes Work for one goroutine.
func loop(f func(n int)) func() harness.Work {
	return func() harness.Work { return harness.Work{A: f} }
}

// emptyLoop is the program's own cost where contenders loop by themselves.
var emptyLoop = loop(func(n int) {
	for range n {
	}
})

// allocated returns how many bytes a call of f allocates.
func allocated(f func()) float64 {
	const calls = 1000
	f()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range calls {
		f()
	}
	runtime.ReadMemStats(&after)
	return math.Round(float64(after.TotalAlloc-before.TotalAlloc) / calls)
}

var escaped any

// escape puts what v points to on the heap, where it is if the ends of a
// channel go to different goroutines.
func escape(v any) bool {
	escaped = v
	return escaped != nil
}
