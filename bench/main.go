// Command bench compares the primitives of litesync with Go channels and other
// packages for the same job, on the machine at hand. See README.md.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/litesync/litesync/bench/internal/harness"
	"github.com/litesync/litesync/bench/internal/machine"
	"github.com/litesync/litesync/bench/internal/report"
	"github.com/litesync/litesync/bench/internal/result"
)

func main() {
	err := run(os.Args[1:], os.Stdout, os.Stderr)
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// options is the command line.
type options struct {
	full   bool
	suites []Suite
	cpus   [2]int
	files  map[string]*os.File // by format
	rounds int
}

func run(args []string, out, progress io.Writer) error {
	o, err := parse(args, progress)
	if err != nil {
		return err
	}
	before := machine.Now()
	r := &result.Run{
		Command:  strings.TrimSpace("go run -C bench . " + strings.Join(args, " ")),
		Full:     o.full,
		Started:  time.Now(),
		Machine:  machine.Describe(o.cpus),
		Warnings: machine.Warnings(o.cpus[:]),
	}
	for _, w := range r.Warnings {
		fmt.Fprintln(progress, "warning:", w)
	}
	var workloads []harness.Workload
	var targets []result.Target
	for _, s := range o.suites {
		workloads = append(workloads, s.Workloads()...)
		targets = append(targets, s.Targets...)
	}
	for _, s := range o.suites {
		if s.Sizes != nil {
			fmt.Fprintf(progress, "sizes of %s\n", s.Name)
			r.Sizes = append(r.Sizes, s.Sizes()...)
		}
	}
	bar := newBar(progress)
	r.Workloads, err = harness.Measure(harness.Config{Rounds: o.rounds, Each: each, CPUs: o.cpus, Progress: bar.show}, workloads)
	bar.end()
	if err != nil {
		return err
	}
	r.Seconds = time.Since(r.Started).Seconds()
	for _, w := range machine.Disturbed(before, machine.Now()) {
		fmt.Fprintln(progress, "warning:", w)
		r.Warnings = append(r.Warnings, w)
	}
	report.Text(out, r, targets)
	for format, f := range o.files {
		if err := errors.Join(report.Formats[format](f, r, targets), f.Close()); err != nil {
			return fmt.Errorf("write %s: %w", f.Name(), err)
		}
	}
	return nil
}

// each is how long a contender runs in one round.
const each = 4 * time.Millisecond

// parse reads the command line and checks all that can be wrong with it before
// anything is measured.
func parse(args []string, out io.Writer) (o options, err error) {
	fs := flag.NewFlagSet("bench", flag.ContinueOnError)
	fs.SetOutput(out)
	var names []string
	for _, s := range suites {
		names = append(names, s.Name)
	}
	fs.BoolVar(&o.full, "full", false, "all suites and ten times the rounds, for numbers to publish")
	fs.IntVar(&o.rounds, "rounds", 0, "how many rounds (default 15, with -full 150)")
	suite := fs.String("suite", "", "which suites to run: "+strings.Join(names, ",")+" (default: all, the last with -full only)")
	cpus := fs.String("cpus", "", "the two CPUs to pin to, such as 0,2 (default: two that are not threads of one core)")
	paths := map[string]*string{}
	for format := range report.Formats {
		paths[format] = fs.String(format, "", "also write the results to this `file`, as "+format)
	}
	if err := fs.Parse(args); err != nil {
		return o, err
	}
	if fs.NArg() > 0 {
		return o, fmt.Errorf("unexpected argument %q", fs.Arg(0))
	}
	switch {
	case o.rounds < 0:
		return o, fmt.Errorf("-rounds %d: want 1 or more", o.rounds)
	case o.rounds > 0:
	case o.full:
		o.rounds = 150
	default:
		o.rounds = 15
	}
	if o.suites, err = chooseSuites(*suite, o.full, names); err != nil {
		return o, err
	}
	if o.cpus, err = chooseCPUs(*cpus, harness.Allowed()); err != nil {
		return o, err
	}
	if n := runtime.GOMAXPROCS(0); n < 2 {
		return o, fmt.Errorf("GOMAXPROCS is %d, but two goroutines have to run at once", n)
	}
	o.files = map[string]*os.File{}
	for format, path := range paths {
		if *path == "" {
			continue
		}
		if o.files[format], err = os.Create(*path); err != nil {
			return o, fmt.Errorf("-%s: %w", format, err)
		}
	}
	return o, nil
}

// chooseSuites returns the suites of the flag, or the usual ones.
func chooseSuites(list string, full bool, names []string) ([]Suite, error) {
	var chosen []Suite
	if list == "" {
		for _, s := range suites {
			if full || !s.Full {
				chosen = append(chosen, s)
			}
		}
		return chosen, nil
	}
	for name := range strings.SplitSeq(list, ",") {
		i := slices.Index(names, name)
		if i < 0 {
			return nil, fmt.Errorf("-suite: no suite %q; there are %s", name, strings.Join(names, ", "))
		}
		chosen = append(chosen, suites[i])
	}
	return chosen, nil
}

// chooseCPUs returns the CPUs of the flag, or two of those allowed.
func chooseCPUs(list string, allowed []int) (cpus [2]int, err error) {
	if len(allowed) < 2 {
		return cpus, fmt.Errorf("this process may use %d CPU, but measuring takes two", len(allowed))
	}
	if list == "" {
		return harness.Choose(allowed), nil
	}
	parts := strings.Split(list, ",")
	if len(parts) != 2 {
		return cpus, fmt.Errorf("-cpus %q: want two numbers, such as 0,1", list)
	}
	for i, part := range parts {
		if cpus[i], err = strconv.Atoi(part); err != nil || !slices.Contains(allowed, cpus[i]) {
			return cpus, fmt.Errorf("-cpus %q: %q is not one of the CPUs that this process may use: %v", list, part, allowed)
		}
	}
	if cpus[0] == cpus[1] {
		return cpus, fmt.Errorf("-cpus %q: the two must differ", list)
	}
	return cpus, nil
}
