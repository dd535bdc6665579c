// Package model is a model checker for lock-free Go code. It runs a small
// program through every interleaving of its threads and through every value
// that the memory model lets a load return, and reports the executions that
// fail. See README.md for what that proves and what it does not.
//
// A model program is a function that is run again and again:
//
//	model.Check(t, model.Options{}, func(m *model.T) {
//		p, c := ring.New[int](1)
//		m.Go(func() { p.Push(1) })
//		v, ok := c.Pop()
//		m.Assert(!ok || v == 1, "got %d", v)
//	})
//
// What it does must depend on nothing but the results of its operations: no
// clocks, no random numbers, no map iteration, no goroutines but those of T.Go.
// Plain variables that threads share must be ordered by what is checked, or by
// T.Join.
package model

import (
	"context"
	"fmt"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"time"
	"unsafe"
)

// ReplayEnv names the environment variable that makes Check run exactly one
// execution, the one that a failure has printed: the name of the test, a colon
// and its choices.
const ReplayEnv = "LITESYNC_MODEL_REPLAY"

// DeepEnv names the environment variable that asks for deeper bounds, which
// take longer: how many preemptions more there may be.
const DeepEnv = "LITESYNC_MODEL_DEEP"

// Deeper returns how much deeper than usual the bounds are to be, usually 0.
func Deeper() int {
	s := os.Getenv(DeepEnv)
	if s == "" {
		return 0
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		panic(fmt.Sprintf("model: %s is %q, not a number", DeepEnv, s))
	}
	return n
}

// AtMost returns options with a bound of so many preemptions, at least one, and
// Deeper more.
func AtMost(preemptions int) Options { return Options{Preemptions: preemptions + Deeper()} }

// GaveUp begins the report of an exploration that has met Options.MaxRuns.
const GaveUp = "gave up, nothing is proved,"

// Options bounds an exploration. Beyond Preemptions nothing is looked at; the
// others are there to fail: an exploration that meets one proves nothing.
type Options struct {
	// Preemptions is how often a thread that could run on may be made to wait
	// for another in one execution; 0 is no bound.
	Preemptions int
	// MaxRuns is how many executions are too many; 0 is 10 million.
	MaxRuns int
	// MaxSteps is how many steps of an execution are too many; 0 is 2000.
	MaxSteps int
	// MaxSpins is how often a thread may spin on while no thread can do
	// anything else; 0 is 8.
	MaxSpins int
	// NoFenceHeavy is a system without membarrier(2).
	NoFenceHeavy bool

	unreduced bool // for the tests of the reduction
}

// T is a run of a model program.
type T struct{ x *explorer }

// Check explores body, and fails t with the first execution that fails. It
// logs how many executions and states there were. One Check runs at a time.
func Check(t *testing.T, opts Options, body func(m *T)) {
	t.Helper()
	msg := Explore(t.Name(), opts, body, t.Logf)
	if err := writeSites(t.Name()); err != nil {
		t.Fatal(err)
	}
	if msg != "" {
		t.Fatal(msg)
	}
}

// Explore is Check without a test: it returns the report of the first execution
// that fails, or "" if there is none.
func Explore(name string, opts Options, body func(m *T), logf func(format string, args ...any)) string {
	if opts.MaxRuns == 0 {
		opts.MaxRuns = 10_000_000
	}
	if opts.MaxSteps == 0 {
		opts.MaxSteps = 2000
	}
	if opts.MaxSpins == 0 {
		opts.MaxSpins = 8
	}
	if current != nil {
		panic("model: Explore: an exploration is already running")
	}
	x := &explorer{
		opts: opts, body: body, seen: map[uint64]visit{},
		locs: map[unsafe.Pointer]*location{}, shadows: map[unsafe.Pointer]*shadow{}, pools: map[*Pool][]pooled{},
	}
	current = x
	// An execution leaves little behind and makes much garbage.
	defer debug.SetGCPercent(debug.SetGCPercent(800))
	defer func() {
		current = nil
		for _, w := range x.workers {
			w.stop()
		}
	}()
	if choices, ok := strings.CutPrefix(os.Getenv(ReplayEnv), name+":"); ok {
		x.path = parsePath(choices)
		return x.explain(name)
	}
	start := time.Now()
	for {
		x.run()
		if x.failure != nil {
			return x.explain(name)
		}
		if !x.backtrack() {
			break
		}
		if x.runs >= opts.MaxRuns {
			return fmt.Sprintf("%s after %d executions and %d states", GaveUp, x.runs, len(x.seen))
		}
	}
	bound := "no preemption bound"
	if opts.Preemptions > 0 {
		bound = fmt.Sprintf("at most %d preemptions", opts.Preemptions)
	}
	logf("%d executions (%d of them cut short in a known state), %d states, up to %d steps, %s, %v",
		x.runs, x.pruned, len(x.seen), x.maxDepth, bound, time.Since(start).Round(time.Millisecond))
	return ""
}

// explain runs x.path again, this time with a trace, and reports.
func (x *explorer) explain(name string) string {
	path := x.path
	clear(x.seen)
	x.trace = &trace{}
	x.run()
	if x.failure == nil {
		return "the execution does not fail\n" + strings.Join(x.trace.lines, "\n")
	}
	return fmt.Sprintf("%s\n\n%s\n\nafter %d executions; to see it again: %s=%s:%s",
		x.failure.msg, strings.Join(x.trace.lines, "\n"), x.runs-1, ReplayEnv, name, formatPath(path))
}

// A path is printed as taken/of, a dot between choices; runs of first
// alternatives among n are n's with a count: "2x12".
func formatPath(path []choice) string {
	var parts []string
	for i := 0; i < len(path); {
		c, n := path[i], 1
		for i+n < len(path) && path[i+n].taken == c.taken && path[i+n].of == c.of {
			n++
		}
		s := fmt.Sprintf("%d/%d", c.taken, c.of)
		if n > 1 {
			s += fmt.Sprintf("x%d", n)
		}
		parts = append(parts, s)
		i += n
	}
	return strings.Join(parts, ".")
}

func parsePath(s string) (path []choice) {
	if s == "" {
		return nil
	}
	for _, part := range strings.Split(s, ".") {
		one, times, repeated := strings.Cut(part, "x")
		n := 1
		taken, of, ok := strings.Cut(one, "/")
		i, err1 := strconv.Atoi(taken)
		k, err2 := strconv.Atoi(of)
		var err3 error
		if repeated {
			n, err3 = strconv.Atoi(times)
		}
		if !ok || err1 != nil || err2 != nil || err3 != nil {
			panic(fmt.Sprintf("model: %s: choice %q is not taken/of", ReplayEnv, part))
		}
		for range n {
			path = append(path, choice{taken: i, of: k})
		}
	}
	return path
}

// Go runs f in a thread of its own, which happens after the call.
func (m *T) Go(f func()) {
	x := m.x
	x.spawn(fmt.Sprint("T", len(x.threads)), f, false)
}

// Join waits until every other thread has ended. What they did happens before
// it returns.
func (m *T) Join() {
	x := m.x
	t := x.turn(joining)
	for _, o := range x.threads {
		if o.done && !o.timer {
			t.vc.join(&o.vc)
		}
	}
}

// Assert fails the execution unless ok.
func (m *T) Assert(ok bool, format string, args ...any) {
	if !ok {
		m.x.fail(format, args...)
	}
}

// Choose returns a number below n: all of them, one after the other.
func (m *T) Choose(n int) int {
	i := m.x.choose(n)
	m.x.cur.hist = mix(m.x.cur.hist, uint64(i)+10)
	return i
}

// Context is a context that is cancelled by its method Cancel alone.
type Context struct {
	context.Context // never done
	done            chan struct{}
	state           *uint32
	after           []*after
}

type after struct {
	f       func()
	stopped bool
}

// Context returns a new context. Cancel may be called from any thread.
func (m *T) Context() *Context {
	return &Context{context.Background(), make(chan struct{}), new(uint32), nil}
}

// Done is never nil. Only select on it, and only with a default.
func (c *Context) Done() <-chan struct{} { return c.done }

// Err is a load: whoever sees the error sees what came before Cancel.
func (c *Context) Err() error {
	x := current
	t := x.turn(ready)
	m := x.load(t, x.location(unsafe.Pointer(c.state), Word32), SeqCst)
	if x.record(t, fmt.Sprintf("looks at the context: %d", m.val.N), ""); m.val.N != 0 {
		return context.Canceled
	}
	return nil
}

// Cancel cancels c, once.
func (c *Context) Cancel() {
	if c.lock("cancels the context", 1) {
		return
	}
	close(c.done)
	for _, a := range c.after {
		if !a.stopped {
			a.stopped = true
			current.spawn("after", a.f, true)
		}
	}
}

// AfterFunc is context.AfterFunc: it runs f in a thread of its own once c is
// cancelled. Like stop it takes what would be c's lock.
func (c *Context) AfterFunc(f func()) (stop func() bool) {
	a := &after{f: f}
	if c.lock("waits for the context", 0) {
		a.stopped = true
		current.spawn("after", f, true)
	} else {
		c.after = append(c.after, a)
	}
	return func() bool {
		t := current.cur
		c.lock("stops waiting for the context", 0)
		was := a.stopped
		a.stopped = true
		if was {
			t.hist = mix(t.hist, 11)
		}
		return !was
	}
}

// lock orders the caller after all that came before at c, and reports whether
// c was cancelled. It is now if cancel is 1.
func (c *Context) lock(why string, cancel uint64) bool {
	x := current
	t := x.turn(ready)
	was, _ := x.update(t, x.location(unsafe.Pointer(c.state), Word32), SeqCst,
		func(old Word) (Word, bool) { return Word{N: old.N | cancel}, true })
	x.record(t, why, "")
	return was.val.N != 0
}
