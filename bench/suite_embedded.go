package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/litesync/litesync/bench/internal/harness"
	"github.com/litesync/litesync/bench/internal/result"
	"github.com/litesync/litesync/lockfree/spsc"
)

// The suite "embedded" is the view of a small board: how much a program grows,
// and how the channels fare when the collector may not run, or must all the time.
// It builds programs, and so is left out unless it is asked for or the run is
// full.

func embeddedWorkloads() []harness.Workload {
	var ws []harness.Workload
	for _, c := range []struct {
		name    string
		percent int
		limit   int64
	}{
		{"default GOGC", 100, -1},
		{"GOGC=off", -1, -1},
		{"GOGC=off, GOMEMLIMIT=16MiB", -1, 16 << 20},
	} {
		ws = append(ws, harness.Workload{Suite: "embedded", Name: "stream of new objects, " + c.name, Baseline: nameChan, Place: harness.Free, Step: values,
			// Long enough for some collections.
			Scale: 5,
			Contenders: []harness.Contender{
				objects(namePark, func() Queue[*[4]uint64] { return &allocating{newSpscs[*[4]uint64](capacity, spsc.Park)} }, c.percent, c.limit),
				objects(nameChan, func() Queue[*[4]uint64] { return &allocating{newBlockingChannels[*[4]uint64](capacity)} }, c.percent, c.limit),
			}})
	}
	return ws
}

// allocating sends what it has just allocated.
type allocating struct{ Queue[*[4]uint64] }

func (q *allocating) Send(_ *[values]*[4]uint64, n int) {
	for range n / values {
		var vals [values]*[4]uint64
		for i := range vals {
			vals[i] = new([4]uint64)
		}
		q.Queue.Send(&vals, values)
	}
}

// objects streams under a setting of the collector.
func objects(name string, make func() Queue[*[4]uint64], percent int, limit int64) harness.Contender {
	return harness.Contender{Name: name, Make: func() harness.Work {
		q := make()
		var percentBefore int
		var limitBefore int64
		return harness.Work{
			Prepare: func(int) {
				percentBefore = debug.SetGCPercent(percent)
				limitBefore = debug.SetMemoryLimit(limit)
			},
			A: func(n int) { q.Send(nil, n) },
			B: func(n int) { q.Recv(n) },
			Check: func(int) error {
				debug.SetGCPercent(percentBefore)
				debug.SetMemoryLimit(limitBefore)
				return nil
			},
		}
	}}
}

// programs are those under internal/embedded, the first of which does nothing.
var programs = []string{"none", "channel", "ring", "spsc", "oneshot", "lite", "notify", "waker"}

// embeddedSizes builds the programs, for this machine and cross-compiled, and
// returns how much larger than the first they are. It builds where the sources
// are, which is where `go run -C bench .` runs; elsewhere there is nothing to tell.
func embeddedSizes() []result.Size {
	if _, err := os.Stat("internal/embedded/none"); err != nil {
		return nil
	}
	dir, err := os.MkdirTemp("", "embedded-")
	if err != nil {
		return nil
	}
	defer os.RemoveAll(dir)
	var sizes []result.Size
	for _, base := range []struct{ name, tag string }{{"an empty program", ""}, {"a program with fmt", "withfmt"}} {
		for _, target := range []string{runtime.GOOS + "/" + runtime.GOARCH, "linux/arm64", "linux/arm"} {
			group := fmt.Sprintf("bytes that a package adds to %s, %s", base.name, target)
			var none float64
			for _, name := range programs {
				bytes, err := build(filepath.Join(dir, name), target, base.tag, "./internal/embedded/"+name)
				if err != nil {
					fmt.Fprintf(os.Stderr, "warning: %s for %s does not build: %v\n", name, target, err)
					continue
				}
				if name == programs[0] {
					none = bytes
					continue
				}
				sizes = append(sizes, result.Size{Group: group, Name: name, Bytes: bytes - none})
			}
		}
	}
	return sizes
}

// build returns the size of a program, without symbols and debug information.
func build(out, target, tag, pkg string) (float64, error) {
	goos, goarch, _ := strings.Cut(target, "/")
	cmd := exec.Command("go", "build", "-tags", tag, "-ldflags=-s -w", "-o", out, pkg)
	cmd.Env = append(os.Environ(), "GOOS="+goos, "GOARCH="+goarch, "CGO_ENABLED=0")
	if text, err := cmd.CombinedOutput(); err != nil {
		return 0, fmt.Errorf("%w: %s", err, text)
	}
	st, err := os.Stat(out)
	if err != nil {
		return 0, err
	}
	return float64(st.Size()), nil
}
