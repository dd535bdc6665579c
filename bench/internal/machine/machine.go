// Package machine says where a run takes place and what may spoil it there.
package machine

import (
	"fmt"
	"runtime"

	"github.com/litesync/litesync"
	"github.com/litesync/litesync/bench/internal/harness"
	"github.com/litesync/litesync/bench/internal/result"
)

// Describe returns the machine, with the CPUs that are pinned to.
func Describe(cpus [2]int) result.Machine {
	m := result.Machine{
		CPU:        cpuName(),
		OS:         runtime.GOOS,
		Arch:       runtime.GOARCH,
		CPUs:       runtime.NumCPU(),
		GOMAXPROCS: runtime.GOMAXPROCS(0),
		Go:         runtime.Version(),
		Backend:    litesync.Backend(),
		Features:   litesync.Features(),
		Hypervisor: hypervisor(),
	}
	if harness.CanPin {
		m.Pinned = cpus[:]
	}
	return m
}

// Warnings returns what is known before a run on those CPUs to spoil it.
func Warnings(cpus []int) []string {
	f := facts{
		os: runtime.GOOS, canPin: harness.CanPin, cpus: runtime.NumCPU(), procs: runtime.GOMAXPROCS(0),
		hypervisor: hypervisor(), load: load(), backend: litesync.Backend(),
	}
	for _, cpu := range cpus {
		f.governors = append(f.governors, governor(cpu))
	}
	return f.warnings()
}

// facts is what there is to be warned of.
type facts struct {
	os, backend string
	canPin      bool
	cpus, procs int
	hypervisor  bool
	governors   []string // of the CPUs that are pinned to; empty: not known
	load        float64  // average of the last minute; 0: not known
}

func (f *facts) warnings() []string {
	var ws []string
	warn := func(format string, args ...any) { ws = append(ws, fmt.Sprintf(format, args...)) }
	if !f.canPin {
		warn("threads cannot be pinned on %s: the distance between the cores may change at any time", f.os)
	}
	if f.hypervisor {
		warn("a hypervisor runs this machine: it may move or pause the CPUs; compare only within a class of rounds")
	}
	for _, g := range f.governors {
		if g != "" && g != "performance" {
			warn("the CPU frequency is scaled (governor %q): set it to performance", g)
			break
		}
	}
	if f.procs != f.cpus {
		warn("GOMAXPROCS is %d with %d CPUs", f.procs, f.cpus)
	}
	if f.cpus == 2 {
		warn("with two CPUs every other process and the runtime's own work disturb a measurement")
	}
	if f.load > 0.5 {
		warn("others keep this machine busy (load %.1f in the last minute)", f.load)
	}
	if f.backend == "generic" {
		warn("the backend is the portable one (race detector, purego, or a CPU without assembly): not what these packages are fast with")
	}
	return ws
}

// Times is how the CPUs have spent their time so far, in seconds.
type Times struct {
	Busy, Stolen, Own, Total float64
	known                    bool
}

// Disturbed returns what disturbed the run between two moments.
func Disturbed(from, to Times) []string {
	if !from.known || !to.known || to.Total <= from.Total {
		return nil
	}
	var ws []string
	total := to.Total - from.Total
	others := (to.Busy - from.Busy - (to.Own - from.Own)) / total * 100
	if others > 5 {
		ws = append(ws, fmt.Sprintf("other processes took %.0f %% of the CPUs during the run", others))
	}
	if stolen := (to.Stolen - from.Stolen) / total * 100; stolen > 1 {
		ws = append(ws, fmt.Sprintf("the hypervisor took %.0f %% of the CPUs away during the run", stolen))
	}
	return ws
}
