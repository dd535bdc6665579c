package main

import (
	"bytes"
	"io"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/litesync/litesync/bench/internal/harness"
	"github.com/litesync/litesync/bench/internal/result"
)

func TestBadCommandLine(t *testing.T) {
	for _, c := range []struct{ args, want string }{
		{"-suite nonesuch", `no suite "nonesuch"`},
		{"-nonesuch", "not defined"},
		{"ring", `unexpected argument "ring"`},
		{"-json " + filepath.Join(t.TempDir(), "missing", "x.json"), "-json: open"},
		{"-rounds -1", "-rounds -1: want 1 or more"},
		{"-cpus 0", "want two numbers"},
		{"-cpus 0,x", `"x" is not one of the CPUs`},
		{"-cpus 0,99999", `"99999" is not one of the CPUs`},
		{"-cpus 0,0", "must differ"},
	} {
		err := run(strings.Fields(c.args), io.Discard, io.Discard)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("bench %s: %v, want an error with %q", c.args, err, c.want)
		}
	}
}

func TestOneCPU(t *testing.T) {
	if _, err := chooseCPUs("", []int{3}); err == nil || !strings.Contains(err.Error(), "takes two") {
		t.Errorf("with one CPU: %v", err)
	}
	if got, err := chooseCPUs("7,3", []int{3, 5, 7}); err != nil || got != [2]int{7, 3} {
		t.Errorf("-cpus 7,3 with CPUs 3, 5, 7: %v, %v", got, err)
	}
}

func TestOneP(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	err := run(nil, io.Discard, io.Discard)
	// With one CPU that is what is complained of first.
	if want := "GOMAXPROCS is 1"; err == nil || len(harness.Allowed()) > 1 && !strings.Contains(err.Error(), want) {
		t.Errorf("with GOMAXPROCS=1: %v, want %q", err, want)
	}
}

// Every contender of every workload does its work without loss.
func TestContenders(t *testing.T) {
	if len(harness.Allowed()) < 2 {
		t.Skip("two CPUs are needed")
	}
	for _, s := range suites {
		for _, w := range s.Workloads() {
			if w.X > 1<<16 {
				continue // the same code as at the smaller capacities
			}
			n := 16 // Polling threads take a time slice each if the machine is busy.
			if w.Step > 0 {
				n = w.Step
			}
			if err := harness.Try(w, n); err != nil {
				t.Error(err)
			}
		}
	}
}

// Targets speak of workloads and contenders that exist.
func TestTargets(t *testing.T) {
	for _, s := range suites {
		names := map[string][]string{}
		for _, w := range s.Workloads() {
			for _, c := range w.Contenders {
				id := w.Suite + "/" + w.Name
				names[id] = append(names[id], c.Name)
			}
		}
		for _, target := range s.Targets {
			for _, c := range []string{target.Contender, target.Baseline} {
				if c != result.Raw && c != "" && !slices.Contains(names[target.Workload], c) {
					t.Errorf("target about %q in %q, which has %q", c, target.Workload, names[target.Workload])
				}
			}
		}
	}
}

func TestBar(t *testing.T) {
	var buf bytes.Buffer
	b := newBar(&buf)
	for i := range 1000 {
		b.show(float64(i)/1000, "x")
	}
	b.end()
	if n := strings.Count(buf.String(), "\n"); n != 10 {
		t.Errorf("%d lines without a terminal, want 10:\n%s", n, &buf)
	}
}
