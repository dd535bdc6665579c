package model

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// Mutation weakens the ordering of one operation at one site, by one step of
// what the code could have said instead. The site is found by program counter
// while the model runs; nothing is rewritten.

// MutateEnv names the environment variable with the mutant to run: a line of
// what SitesEnv writes.
const MutateEnv = "LITESYNC_MODEL_MUTATE"

// SitesEnv names a file to which every model appends the mutants of the sites
// that it has met: lines of its name, a tab and a mutant.
const SitesEnv = "LITESYNC_MODEL_SITES"

var (
	mutant    = os.Getenv(MutateEnv)
	sitesFile = os.Getenv(SitesEnv)
	met       = map[string]bool{}
)

// weaker is the next order down for an operation; Relaxed for a fence is none.
func weaker(op string, o Order) (Order, bool) {
	switch {
	case op == "Load" && o == SeqCst:
		return Acquire, true
	case op == "Store" && o == SeqCst:
		return Release, true
	case op == "Fence" && o == SeqCst:
		return AcqRel, true
	case (op == "Load" || op == "Store" || op == "Fence") && o != Relaxed, op == "FenceHeavy":
		return Relaxed, true
	}
	return o, false
}

// site returns where the calling operation stands, if anybody wants to know,
// and the order that it has in this run.
func (x *explorer) site(op string, o Order) (site, Order) {
	var s site
	if x.trace != nil {
		s = x.here(op)
	}
	// An execution that repeats another one meets no site for the first time.
	listing := sitesFile != "" && x.depth == len(x.path)
	if mutant == "" && !listing {
		return s, o
	}
	if op == "Load" || op == "Store" || strings.HasPrefix(op, "Fence") {
		to, ok := weaker(op, o)
		if !ok {
			return s, o
		}
		if mutated(change{op, o, to}, listing) {
			return s, to
		}
		return s, o
	}
	s.split = mutated(change{op, o, o}, listing)
	return s, o
}

// change is what a mutant does to an operation. An update that keeps its order
// is split.
type change struct {
	op       string
	from, to Order
}

func (c change) String() string {
	if c.from == c.to {
		return c.op + " -> Load, Store"
	}
	return c.op + " " + c.from.String() + " -> " + c.to.String()
}

var changes = map[change]bool{} // whether it is that of the mutant to run

// mutated reports whether c, at the site of the caller, is the mutant to run.
func mutated(c change, listing bool) bool {
	may, known := changes[c]
	if !known {
		may = strings.HasSuffix(mutant, " "+c.String())
		changes[c] = may
	}
	if !may && !listing {
		return false
	}
	at := caller()
	if strings.Contains(at, "_test.go ") || strings.HasPrefix(at, "?") {
		return false // What a model says for itself.
	}
	m := at + " " + c.String()
	if listing {
		met[m] = true
	}
	return m == mutant
}

var sites = map[uintptr]string{} // by program counter, "" for machinery

// caller describes the innermost caller that is not machinery, in words that do
// not change when lines are added elsewhere: file, function and source line.
func caller() string {
	var pcs [8]uintptr
	for _, pc := range pcs[:runtime.Callers(4, pcs[:])] {
		s, ok := sites[pc]
		if !ok {
			if f, _ := runtime.CallersFrames([]uintptr{pc}).Next(); !machinery(f) {
				s = describe(f)
			}
			sites[pc] = s
		}
		if s != "" {
			return s
		}
	}
	return "?"
}

func describe(f runtime.Frame) string {
	file, err := filepath.Rel(root, f.File)
	if err != nil {
		file = f.File
	}
	function := f.Function[strings.LastIndexByte(f.Function, '/')+1:]
	_, function, _ = strings.Cut(function, ".")
	function = strings.NewReplacer("[...]", "", "(*", "", ")", "").Replace(function)
	source, err := os.ReadFile(f.File)
	lines := strings.Split(string(source), "\n")
	if err != nil || f.Line > len(lines) {
		return fmt.Sprintf("%s %s line %d", file, function, f.Line)
	}
	text := strings.TrimSpace(lines[f.Line-1])
	again := ""
	for i, n := 0, 1; i < f.Line-1; i++ {
		if strings.TrimSpace(lines[i]) == text {
			n++
			again = fmt.Sprintf(" (%d)", n)
		}
	}
	return fmt.Sprintf("%s %s `%s`%s", file, function, text, again)
}

// writeSites appends the mutants that model has met to the file that the
// environment names.
func writeSites(model string) error {
	if sitesFile == "" {
		return nil
	}
	var all strings.Builder
	for _, m := range slices.Sorted(maps.Keys(met)) {
		fmt.Fprintf(&all, "%s\t%s\n", model, m)
	}
	clear(met)
	f, err := os.OpenFile(sitesFile, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o666)
	if err != nil {
		return err
	}
	if _, err := f.WriteString(all.String()); err != nil {
		return err
	}
	return f.Close()
}
