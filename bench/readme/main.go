// Command readme writes the tables of a README from the JSON of benchmark runs,
// between two marks:
//
//	readme RUN.json... README.md
//
// Of several runs on one machine, such as one for each suite, the later replaces
// what the earlier has of the same workload.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/litesync/litesync/bench/internal/result"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "readme:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) < 2 {
		return errors.New("usage: readme RUN.json... README.md")
	}
	var runs []*result.Run
	for _, path := range args[:len(args)-1] {
		r, err := read(path)
		if err != nil {
			return err
		}
		runs = append(runs, r)
	}
	r, err := merge(runs)
	if err != nil {
		return err
	}
	path := args[len(args)-1]
	old, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var tables bytes.Buffer
	if measured, all := write(&tables, r); 2*measured < all {
		return fmt.Errorf("%s is left as it is: %d of %d comparisons have %d rounds that count; measure when others leave the machine alone, or more rounds", path, measured, all, result.Enough)
	}
	text, err := replace(string(old), tables.String())
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return os.WriteFile(path, []byte(text), 0o644)
}

func read(path string) (*result.Run, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r, err := result.Read(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return r, nil
}

// merge puts runs of one machine together.
func merge(runs []*result.Run) (*result.Run, error) {
	all := *runs[0]
	for _, r := range runs[1:] {
		if a, b := all.Machine, r.Machine; a.CPU != b.CPU || a.Backend != b.Backend || a.Go != b.Go {
			return nil, fmt.Errorf("runs on two machines: %s, %s, %s and %s, %s, %s", a.CPU, a.Backend, a.Go, b.CPU, b.Backend, b.Go)
		}
		if r.Started.After(all.Started) {
			all.Started = r.Started
		}
		for i := range r.Workloads {
			if w := all.Workload(r.Workloads[i].ID()); w != nil {
				*w = r.Workloads[i]
			} else {
				all.Workloads = append(all.Workloads, r.Workloads[i])
			}
		}
	}
	return &all, nil
}

// The marks that the tables stand between.
const (
	begin = "<!-- make readme-numbers: begin -->\n"
	end   = "<!-- make readme-numbers: end -->\n"
)

func replace(text, tables string) (string, error) {
	before, rest, ok := strings.Cut(text, begin)
	if !ok {
		return "", fmt.Errorf("lacks the line %q", strings.TrimSpace(begin))
	}
	_, after, ok := strings.Cut(rest, end)
	if !ok {
		return "", fmt.Errorf("lacks the line %q", strings.TrimSpace(end))
	}
	return before + begin + tables + end + after, nil
}

// row is a comparison: how many times as fast the contender is as the baseline.
type row struct{ text, workload, contender, baseline string }

var rows = []row{
	{"ring, one at a time / Go channel, `select` with default", "ring/stream uint64", "ring", "channel"},
	{"ring, one at a time / the same ring on sync/atomic", "ring/stream uint64", "ring", "sync/atomic ring"},
	{"ring, one at a time / xsync `SPSCQueue`", "ring/stream uint64", "ring", "xsync SPSCQueue"},
	{"ring, slices of 64 / Go channel, `select` with default", "ring/stream uint64", "ring, slices of 64", "channel"},
	{"ring, ping-pong / Go channel, `select` with default", "ring/ping-pong", "ring", "channel"},
	{"ring, push and pop on one goroutine / Go channel", "ring/push+pop alone", "ring", "channel"},
	{"spsc, one at a time / Go channel", "spsc/stream", "spsc", "channel"},
	{"spsc, slices of 64 / Go channel", "spsc/stream", "spsc, slices of 64", "channel"},
	{"spsc, ping-pong / Go channel", "spsc/ping-pong", "spsc", "channel"},
	{"spsc, ping-pong, GOMAXPROCS=1 / Go channel", "spsc/ping-pong, GOMAXPROCS=1", "spsc", "channel"},
	{"spsc, ping-pong, both pinned / Go channel", "spsc/ping-pong, pinned", "spsc", "channel"},
	{"spsc, `Spin`, ping-pong, both pinned / Go channel", "spsc/ping-pong, pinned", "spsc, Spin", "channel"},
	{"oneshot, create, send, receive / channel of 1", "oneshot/create, send, receive alone", "oneshot.New", "channel of 1"},
	{"oneshot embedded, send, receive / channel of 1", "oneshot/create, send, receive alone", "oneshot, embedded", "channel of 1"},
	{"lite embedded, send, receive / channel of 1", "oneshot/create, send, receive alone", "lite, embedded", "channel of 1"},
	{"oneshot, hand over to a parked receiver and back / channel of 1", "oneshot/hand over, receiver parked", "oneshot, embedded", "channel of 1"},
	{"notify, notified already / channel of 1", "notify/notified already", "notify", "channel"},
	{"notify, ping-pong / channel of 1", "notify/ping-pong", "notify", "channel"},
	{"notify, ping-pong, GOMAXPROCS=1 / channel of 1", "notify/ping-pong, GOMAXPROCS=1", "notify", "channel"},
	{"fanin, 4 producers, one at a time / Go channel", "fanin/4 producers", "fanin", "channel"},
	{"fanin, 4 producers, slices of 64 / Go channel", "fanin/4 producers", "fanin, slices of 64", "channel"},
}

// latencies are the workloads whose percentiles are shown.
var latencies = []struct{ text, workload string }{
	{"Round trip, spinning", "ring/ping-pong latency"},
	{"Round trip, blocking", "spsc/ping-pong latency"},
}

// write writes the tables, and returns how many of all comparisons were measured
// in some class.
func write(w io.Writer, r *result.Run) (measured, all int) {
	m := r.Machine
	pinned := "threads not pinned"
	if len(m.Pinned) == 2 {
		pinned = fmt.Sprintf("pinned to CPUs %d and %d", m.Pinned[0], m.Pinned[1])
	}
	virtual := ""
	if m.Hypervisor {
		virtual = ", virtual"
	}
	fmt.Fprintf(w, "Measured on %s (%s/%s, %d CPUs%s, %s), %s, backend %s, on %s with `%s`.\n", m.CPU, m.OS, m.Arch, m.CPUs, virtual, pinned, m.Go, m.Backend, r.Started.Format("2 January 2006"), r.Command)
	classes := seen(r)
	fmt.Fprintf(w, "How many times as fast, median over the rounds:\n\n")
	header(w, "", classes)
	for _, row := range rows {
		wl := r.Workload(row.workload)
		if wl == nil {
			continue
		}
		fmt.Fprintf(w, "| %s |", row.text)
		enough := false
		for _, class := range classes {
			if !wl.Cores {
				class = result.All
			}
			cell := "not measured"
			if ratio, n := result.Ratio(wl, wl.Contender(row.contender), wl, wl.Contender(row.baseline), class); n >= result.Enough {
				cell = fmt.Sprintf("%.3g", 1/ratio)
				enough = true
			}
			fmt.Fprintf(w, " %s |", cell)
		}
		fmt.Fprintln(w)
		all++
		if enough {
			measured++
		}
	}
	for _, l := range latencies {
		wl := r.Workload(l.workload)
		if wl == nil {
			continue
		}
		fmt.Fprintf(w, "\n%s, ns, p50 / p99 / p99.9:\n\n", l.text)
		header(w, "", classes)
		for i := range wl.Contenders {
			c := &wl.Contenders[i]
			if c.Name == "empty" {
				continue
			}
			fmt.Fprintf(w, "| %s |", c.Name)
			for _, class := range classes {
				cell := "not measured"
				for _, p := range c.Latency {
					if p.Class == class {
						cell = fmt.Sprintf("%.0f / %.0f / %.0f", p.P50, p.P99, p.P999)
					}
				}
				fmt.Fprintf(w, " %s |", cell)
			}
			fmt.Fprintln(w)
		}
	}
	return measured, all
}

func header(w io.Writer, first string, classes []result.Class) {
	fmt.Fprintf(w, "| %s |", first)
	for _, class := range classes {
		fmt.Fprintf(w, " %s |", class)
	}
	fmt.Fprintf(w, "\n|---|%s\n", strings.Repeat("---|", len(classes)))
}

// seen returns the classes that rounds were in.
func seen(r *result.Run) []result.Class {
	return slices.DeleteFunc(slices.Clone(result.Classes), func(class result.Class) bool {
		return class == result.All || !slices.ContainsFunc(r.Workloads, func(w result.Workload) bool { return slices.Contains(w.Seen(), class) })
	})
}
