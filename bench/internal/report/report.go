// Package report shows the result of a run: as text for people, as JSON and in
// the form of Go benchmarks for machines, and as a page with plots.
package report

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/litesync/litesync/bench/internal/result"
)

// Formats are the files that a run can be written to.
var Formats = map[string]func(io.Writer, *result.Run, []result.Target) error{
	"json":      func(w io.Writer, r *result.Run, _ []result.Target) error { return r.Write(w) },
	"html":      HTML,
	"benchstat": func(w io.Writer, r *result.Run, _ []result.Target) error { return Benchstat(w, r) },
}

// Text writes tables for people.
func Text(w io.Writer, r *result.Run, targets []result.Target) {
	m := r.Machine
	fmt.Fprintf(w, "%s, %s/%s, %d CPUs, GOMAXPROCS %d, %s, backend %s %s\n", m.CPU, m.OS, m.Arch, m.CPUs, m.GOMAXPROCS, m.Go, m.Backend, strings.Join(m.Features, " "))
	fmt.Fprintf(w, "%s\n\n", rounds(r))
	for i := range r.Workloads {
		table(w, &r.Workloads[i])
	}
	sizes(w, r)
	verdicts(w, r, targets)
}

// rounds says how many rounds were in which class.
func rounds(r *result.Run) string {
	raws := map[result.Class][]float64{}
	n := 0
	for _, wl := range r.Workloads {
		for _, c := range wl.Contenders {
			for _, s := range c.Samples {
				if wl.Cores {
					class := result.ClassIn(s, true)
					raws[class] = append(raws[class], s.RawMean())
					n++
				}
			}
		}
	}
	if n == 0 {
		return "Nothing here takes two cores."
	}
	var parts []string
	for _, class := range []result.Class{result.Siblings, result.Neighbours, result.Far} {
		if raw := raws[class]; len(raw) > 0 {
			parts = append(parts, fmt.Sprintf("%s in %s (median %.0f ns)", class, percent(len(raw), n), result.Median(raw)))
		}
	}
	return "Cores by raw round trip: " + strings.Join(parts, ", ") +
		fmt.Sprintf("; left out: moved in %s, disturbed by other processes in %s.", percent(len(raws[result.Moved]), n), percent(len(raws[result.Disturbed]), n))
}

func percent(part, of int) string {
	return fmt.Sprintf("%.0f %%", 100*float64(part)/float64(of))
}

// leftOut stands where there is nothing to show of a workload.
const leftOut = "every round was left out: disturbed by other processes, or the cores moved"

func table(w io.Writer, wl *result.Workload) {
	fmt.Fprintf(w, "%s\n", wl.ID())
	classes := wl.Seen()
	if classes == nil {
		fmt.Fprintf(w, "  %s\n\n", leftOut)
		return
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	head := "  contender\trounds\tns\tquartiles"
	if wl.Cores {
		head += "\t/raw"
	}
	if wl.Contender(wl.Baseline) != nil {
		head += "\tvs " + wl.Baseline
	}
	for _, class := range classes {
		if class != result.All {
			fmt.Fprintf(w, " %s\n", class)
		}
		if !wl.LatencyOnly {
			fmt.Fprintln(t, head)
			times(t, wl, class)
			t.Flush()
		}
		percentiles(w, wl, class)
	}
	fmt.Fprintln(w)
}

// times prints the medians of a class.
func times(w io.Writer, wl *result.Workload, class result.Class) {
	for i := range wl.Contenders {
		c := &wl.Contenders[i]
		s := wl.Summarize(c, class)
		if s.N == 0 {
			fmt.Fprintf(w, "  %s\t0\n", c.Name)
			continue
		}
		fmt.Fprintf(w, "  %s\t%d\t%s\t%s to %s", c.Name, s.N, number(s.Median), number(s.Low), number(s.High))
		if wl.Cores {
			fmt.Fprintf(w, "\t%.3f", s.PerRaw)
		}
		if base := wl.Contender(wl.Baseline); base != nil {
			if ratio, n := result.Ratio(wl, c, wl, base, class); n > 0 {
				fmt.Fprintf(w, "\t%.3f", ratio)
			} else {
				fmt.Fprint(w, "\t-")
			}
		}
		fmt.Fprintln(w)
	}
}

// percentiles prints the latencies of a class, if any were taken.
func percentiles(w io.Writer, wl *result.Workload, class result.Class) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	printed := false
	for _, c := range wl.Contenders {
		for _, l := range c.Latency {
			if l.Class != class {
				continue
			}
			if !printed {
				fmt.Fprintln(t, "  latency, ns\toperations\tp50\tp90\tp99\tp99.9\tmax")
				printed = true
			}
			fmt.Fprintf(t, "  %s\t%d\t%.0f\t%.0f\t%.0f\t%.0f\t%.0f\n", c.Name, l.Count, l.P50, l.P90, l.P99, l.P999, l.Max)
		}
	}
	t.Flush()
}

// number prints three digits or so.
func number(x float64) string {
	switch {
	case x < 1:
		return fmt.Sprintf("%.2f", x)
	case x < 100:
		return fmt.Sprintf("%.1f", x)
	default:
		return fmt.Sprintf("%.0f", x)
	}
}

// sizes prints how many bytes things take.
func sizes(w io.Writer, r *result.Run) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	group := ""
	for _, s := range r.Sizes {
		if s.Group != group {
			t.Flush()
			fmt.Fprintln(w, s.Group)
			group = s.Group
		}
		fmt.Fprintf(t, "  %s\t%.0f\n", s.Name, s.Bytes)
	}
	t.Flush()
	if group != "" {
		fmt.Fprintln(w)
	}
}

// verdicts prints what the library claims beside what was measured.
func verdicts(w io.Writer, r *result.Run, targets []result.Target) {
	if len(targets) == 0 {
		return
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "claims, and what this machine says")
	for _, target := range targets {
		for _, v := range target.Check(r) {
			fmt.Fprintf(t, "  %s\t%s\t%s\n", v, v.Outcome(), v.Found())
		}
	}
	t.Flush()
}

// Benchstat writes every round as a line of a Go benchmark, the class of the
// round in the name, and the percentiles of each class as one more.
func Benchstat(w io.Writer, r *result.Run) error {
	m := r.Machine
	var b strings.Builder
	fmt.Fprintf(&b, "goos: %s\ngoarch: %s\ncpu: %s\npkg: github.com/litesync/litesync/bench\n", m.OS, m.Arch, m.CPU)
	plain := strings.NewReplacer(" ", "_", ",", "")
	value := strings.NewReplacer(" ", "_", ",", "", "/", "-") // A slash would begin the next key.
	for i := range r.Workloads {
		wl := &r.Workloads[i]
		for j := range wl.Contenders {
			c := &wl.Contenders[j]
			line := func(class result.Class, format string, args ...any) {
				fmt.Fprintf(&b, "Benchmark%s%s/class=%s/contender=%s-%d 1 ", strings.ToUpper(wl.Suite[:1]), plain.Replace(wl.ID()[1:]), class, value.Replace(c.Name), m.GOMAXPROCS)
				fmt.Fprintf(&b, format+"\n", args...)
			}
			for _, class := range result.Classes {
				for _, s := range wl.In(c, class) {
					if !wl.LatencyOnly {
						line(class, "%.3f ns/op", s.Ns)
					}
				}
			}
			for _, l := range c.Latency {
				line(l.Class, "%.0f p50-ns %.0f p99-ns %.0f p99.9-ns", l.P50, l.P99, l.P999)
			}
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
