package model

import (
	"fmt"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
)

// failure is why an execution fails.
type failure struct{ msg string }

// fail ends the execution, from a thread of it.
func (x *explorer) fail(format string, args ...any) {
	x.failf(format, args...)
	panic(abort{})
}

// failf records the failure; the first one counts.
func (x *explorer) failf(format string, args ...any) {
	if x.failure == nil && !x.stopped {
		x.failure = &failure{fmt.Sprintf(format, args...)}
	}
}

func (x *explorer) failPanic(r any) {
	if x.trace != nil {
		x.failf("panic: %v\n%s", r, debug.Stack())
	}
	x.failf("panic: %v", r)
}

// trace is what an execution did, line by line.
type trace struct{ lines []string }

func (tr *trace) add(t *thread, s site, what, result string) {
	tr.lines = append(tr.lines, strings.TrimRight(fmt.Sprintf("%-8s %-44s %-34s %s", t.name, s.via, what, result), " "))
}

func (x *explorer) record(t *thread, what, result string) {
	if x.trace != nil {
		x.trace.add(t, x.here(what), what, result)
	}
}

func (x *explorer) recordAt(t *thread, s site, what, result string) {
	if x.trace != nil {
		x.trace.add(t, s, what, result)
	}
}

func (l *location) String() string {
	return fmt.Sprintf("%s#%d", [...]string{"Uint32", "Uint64", "Uintptr", "Pointer"}[l.width], l.id)
}

// show prints a value of l.
func (l *location) show(v Word) string {
	switch {
	case l.width == Pointer && v.P == nil:
		return "nil"
	case l.width == Pointer:
		return fmt.Sprintf("%p", v.P)
	case l.width == WordPtr && int(v.N) < 0:
		return strconv.Itoa(int(v.N))
	}
	return strconv.FormatUint(v.N, 10)
}

// from tells where m comes from.
func (l *location) from(m *message) string {
	late := ""
	if n := len(l.msgs) - 1 - m.pos; n > 0 {
		late = fmt.Sprintf(", %d behind the latest", n)
	}
	if m.ev == nil {
		return "the initial value" + late
	}
	return fmt.Sprintf("from %s, its event %d%s", m.ev.th.name, m.ev.idx, late)
}

// place tells where m was put, if not last.
func (l *location) place(m *message) string {
	s := fmt.Sprintf(" (event %d)", m.ev.idx)
	if n := len(l.msgs) - 1 - m.pos; n > 0 {
		s += fmt.Sprintf(" before %d later ones", n)
	}
	return s
}

// site is a place in the program from which the checker was called.
type site struct {
	line  string // file:line of the innermost call, relative to the module
	via   string // the same with its callers
	split bool   // a mutant: no longer one atomic step
}

// machinery reports whether a function belongs to the checker or to the types
// in front of it, rather than to what is checked.
func machinery(f runtime.Frame) bool {
	dir, base := filepath.Split(f.File)
	return strings.HasSuffix(base, "_model.go") ||
		filepath.Clean(dir) == home && !strings.HasSuffix(base, "_test.go") || strings.HasPrefix(f.Function, "iter.") || strings.HasPrefix(f.Function, "runtime.")
}

// home is the directory of this package, and root that of the module.
var home, root = func() (string, string) {
	_, file, _, _ := runtime.Caller(0)
	dir := filepath.Dir(file)
	return dir, filepath.Dir(filepath.Dir(dir))
}()

func relative(f runtime.Frame) string {
	file, err := filepath.Rel(root, f.File)
	if err != nil {
		file = f.File
	}
	return file + ":" + strconv.Itoa(f.Line)
}

// here is the site of the caller, with its callers.
func (x *explorer) here(op string) site {
	pcs := make([]uintptr, 32)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	var s site
	for shown := 0; shown < 3; {
		f, more := frames.Next()
		if !machinery(f) {
			at := relative(f)
			if s.line == "" {
				s.line, s.via = at, at
			} else {
				s.via += " < " + filepath.Base(at)
			}
			shown++
		}
		if !more || strings.HasSuffix(f.File, "_test.go") {
			break
		}
	}
	return s
}
