package model_test

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"unsafe"

	"github.com/litesync/litesync/internal/model"
)

// cell is a plain variable that threads share.
type cell struct{ n int }

func (c *cell) get() int {
	model.WillRead(unsafe.Pointer(c), unsafe.Sizeof(*c))
	return c.n
}

func (c *cell) set(n int) {
	model.WillWrite(unsafe.Pointer(c), unsafe.Sizeof(*c))
	c.n = n
}

// toyRing holds one item. publishFirst is the bug.
type toyRing struct {
	slot       cell
	head, tail v
}

func (r *toyRing) push(n int, publishFirst bool) bool {
	tail := r.tail.load(rlx)
	if tail != r.head.load(acq) {
		return false
	}
	if publishFirst {
		r.tail.store(tail+1, rel)
		r.slot.set(n)
		return true
	}
	r.slot.set(n)
	r.tail.store(tail+1, rel)
	return true
}

func (r *toyRing) pop() (int, bool) {
	head := r.head.load(rlx)
	if head == r.tail.load(acq) {
		return 0, false
	}
	n := r.slot.get()
	r.head.store(head+1, rel)
	return n, true
}

func toyRingModel(publishFirst bool) func(*model.T) {
	return func(m *model.T) {
		var r toyRing
		m.Go(func() { r.push(1, publishFirst); r.push(2, publishFirst) })
		last := 0
		for range 2 {
			if n, ok := r.pop(); ok {
				m.Assert(n == last+1, "got %d after %d", n, last)
				last = n
			}
		}
	}
}

// toyNotify has one permit and one waiter, who sleeps. The fences stand between
// setting the permit and looking for the waiter, and between announcing the
// waiter and looking for the permit.
type toyNotify struct {
	permit, waiting v
	waiter          *model.G
}

func (n *toyNotify) notify(fence func()) {
	n.permit.store(1, rel)
	fence()
	if n.waiting.load(acq) == 1 && n.waiting.cas(1, 2, sc) {
		model.Wake(n.waiter)
	}
}

func (n *toyNotify) wait(fence func(), checkFirst bool) {
	if checkFirst && n.permit.load(acq) == 1 {
		return
	}
	n.waiter = model.Self()
	model.Sleep(func() bool {
		n.waiting.store(1, rel)
		fence()
		if !checkFirst && n.permit.load(acq) == 1 && n.waiting.cas(1, 0, sc) {
			return false
		}
		return true
	})
}

func toyNotifyModel(f model.Order, checkFirst bool) func(*model.T) {
	return func(m *model.T) {
		var n toyNotify
		m.Go(func() { n.notify(func() { fence(f) }) })
		n.wait(func() { fence(f) }, checkFirst)
	}
}

// toyLightModel is a notify whose frequent side has no fence, but keeps its
// order in the compiler alone. The rare side, that waits, pays for both.
func toyLightModel(rare func()) func(*model.T) {
	return func(m *model.T) {
		var n toyNotify
		m.Go(func() { n.notify(func() {}) })
		n.wait(rare, false)
	}
}

// toyClose is a channel whose receiver sets closed and then drains. A send that
// was accepted must be found.
func toyCloseModel(lookAfter bool) func(*model.T) {
	return func(m *model.T) {
		var r toyRing
		var closed v
		accepted := false
		m.Go(func() {
			if closed.load(sc) == 1 {
				return
			}
			r.push(1, false)
			if lookAfter {
				// Told apart by one word: who comes first.
				fence(sc)
				if closed.load(rlx) == 1 {
					return
				}
			}
			accepted = true
		})
		closed.store(1, sc)
		fence(sc)
		_, ok := r.pop()
		m.Join()
		m.Assert(!accepted || ok, "a value was accepted and not delivered")
	}
}

// toyWaker keeps one waker. A wake that finds a registration under way gives up
// unless it leaves a mark, which is the bug.
func toyWakerModel(mark bool) func(*model.T) {
	const idle, registering, waking = 0, 1, 2
	return func(m *model.T) {
		var state, ready v
		var waker cell
		woken := false
		wake := func() {
			if mark {
				for {
					s := state.load(acq)
					if state.cas(s, s|waking, sc) {
						if s == idle {
							woken = woken || waker.get() == 1
							state.store(idle, rel)
						}
						return
					}
				}
			}
			if state.cas(idle, waking, sc) {
				woken = woken || waker.get() == 1
				state.store(idle, rel)
			}
		}
		m.Go(func() {
			ready.store(1, rel)
			wake()
		})
		if !state.cas(idle, registering, sc) {
			m.Join() // The wake is under way: whoever registers looks again.
			return
		}
		waker.set(1)
		if !state.cas(registering, idle, sc) {
			state.store(idle, rel)
			woken = true
		}
		seen := ready.load(acq) == 1
		m.Join()
		m.Assert(seen || woken, "the wake is lost")
	}
}

// toySliceReceive is the end of a slice receive: it finds nothing, sees closed,
// and reports the end. Without another look it loses what came in between.
func toySliceReceiveModel(lookAgain bool) func(*model.T) {
	return func(m *model.T) {
		var r toyRing
		var closed v
		m.Go(func() {
			r.push(1, false)
			closed.store(1, rel)
		})
		for {
			if _, ok := r.pop(); ok {
				return
			}
			if closed.load(acq) == 1 {
				ok := false
				if lookAgain {
					_, ok = r.pop()
				}
				m.Assert(ok, "end reported with an item queued")
				return
			}
			model.Pause()
		}
	}
}

var bugs = []struct {
	name       string
	right, bug func(*model.T)
	report     string
}{
	{"publish before write", toyRingModel(false), toyRingModel(true), "data race"},
	{"check, then announce", toyNotifyModel(sc, false), toyNotifyModel(sc, true), "deadlock"},
	{"announce, then check, without a fence", toyNotifyModel(sc, false), toyNotifyModel(acqRl, false), "deadlock"},
	{"announce, then check, with a light fence on both sides", toyLightModel(model.FenceHeavy), toyLightModel(func() { fence(sc) }), "deadlock"},
	{"a heavy fence before the announcement", nil, func(m *model.T) {
		var n toyNotify
		m.Go(func() { n.notify(func() {}) })
		model.FenceHeavy()
		n.wait(func() {}, false)
	}, "deadlock"},
	{"closed tested before the push alone", toyCloseModel(true), toyCloseModel(false), "accepted and not delivered"},
	{"waker drops a racing wake", toyWakerModel(true), toyWakerModel(false), "the wake is lost"},
	{"slice receive loses items at close", toySliceReceiveModel(true), toySliceReceiveModel(false), "with an item queued"},
	{"spin without end", nil, func(m *model.T) {
		var x v
		for x.load(acq) == 0 {
			model.Pause()
		}
	}, "livelock"},
	{"wait for each other", nil, func(m *model.T) {
		m.Go(func() { model.Sleep(func() bool { return true }) })
		m.Join()
	}, "deadlock"},
	{"wake nobody", nil, func(m *model.T) { model.Wake(model.Self()) }, "does not sleep"},
	{"panic", nil, func(m *model.T) {
		var x v
		m.Go(func() { x.store(1, rlx) })
		if x.load(rlx) == 1 {
			panic("here")
		}
	}, "panic: here"},
	{"too long", nil, func(m *model.T) {
		var x v
		for x.load(rlx) == 0 {
		}
	}, "more than 2000 steps"},
	{"not deterministic", nil, func() func(*model.T) {
		runs := 0
		return func(m *model.T) {
			if runs++; runs > 1 {
				return
			}
			m.Choose(2)
			m.Assert(false, "first")
		}
	}(), "does not fail"},
}

func explore(name string, f func(*model.T)) string {
	return model.Explore(name, model.Options{}, f, func(string, ...any) {})
}

// The checker finds these bugs, and nothing in the same code without them.
func TestBugs(t *testing.T) {
	for _, b := range bugs {
		t.Run(b.name, func(t *testing.T) {
			if b.right != nil {
				if report := explore("right", b.right); report != "" {
					t.Errorf("the right one fails: %s", report)
				}
			}
			report := explore("bug", b.bug)
			if !strings.Contains(report, b.report) {
				t.Errorf("report %q does not contain %q", report, b.report)
			}
		})
	}
}

// What comes before Go happens before the thread, and what the thread does
// happens before the end of Join.
func TestGoAndJoin(t *testing.T) {
	model.Check(t, model.Options{}, func(m *model.T) {
		var c cell
		c.set(1)
		m.Go(func() { c.set(c.get() + 1) })
		m.Join()
		m.Assert(c.get() == 2, "c is %d", c.n)
	})
}

// A timer fires or is stopped, and it need not fire for a program to end.
func TestTimer(t *testing.T) {
	seen := map[string]bool{}
	model.Check(t, model.Options{}, func(m *model.T) {
		var fired v
		stop := model.AfterFunc(func() { fired.store(1, rel) })
		before := fired.load(acq)
		seen[fmt.Sprint(before, stop(), fired.load(acq))] = true
	})
	if len(seen) != 4 || seen["1 true 0"] || seen["1 true 1"] || seen["0 true 1"] || seen["1 false 0"] {
		t.Errorf("seen %v", seen)
	}
}

func TestContext(t *testing.T) {
	seen := map[string]bool{}
	model.Check(t, model.Options{}, func(m *model.T) {
		ctx := m.Context()
		m.Go(ctx.Cancel)
		called := false
		stop := ctx.AfterFunc(func() { called = true })
		stopped := stop()
		m.Join()
		m.Assert(ctx.Err() != nil, "cancelled and no error")
		m.Assert(!called || !stopped, "stopped and called")
		seen[fmt.Sprint(stopped, called)] = true
	})
	if !seen["true false"] || !seen["false true"] {
		t.Errorf("seen %v", seen)
	}
}

// An exploration that meets a limit says so.
func TestGivesUp(t *testing.T) {
	report := model.Explore("limit", model.Options{MaxRuns: 3}, toyRingModel(false), t.Logf)
	if !strings.Contains(report, "nothing is proved") {
		t.Error(report)
	}
}

// A preemption bound leaves executions out, but none within it.
func TestPreemptions(t *testing.T) {
	count := func(bound int) int {
		seen := map[string]bool{}
		model.Check(t, model.Options{Preemptions: bound}, func(m *model.T) {
			var x v
			var r [2][2]uint64
			for i := range 2 {
				m.Go(func() { r[i][0] = x.add(1, sc); r[i][1] = x.add(1, sc) })
			}
			m.Join()
			seen[fmt.Sprint(r)] = true
		})
		return len(seen)
	}
	if a, b, all := count(1), count(2), count(0); a != 4 || b != all || all != 6 {
		t.Errorf("%d outcomes with one preemption, %d with two, %d without a bound", a, b, all)
	}
}

// What a failure prints runs the same execution again, in another process.
func TestReplay(t *testing.T) {
	if os.Getenv(model.ReplayEnv) != "" {
		fmt.Print(explore("replay", toyNotifyModel(acqRl, false)))
		return
	}
	report := explore("replay", toyNotifyModel(acqRl, false))
	_, replay, ok := strings.Cut(report, "to see it again: ")
	if !ok || !strings.Contains(report, "bugs_test.go:") {
		t.Fatalf("the report has no trace: %s", report)
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestReplay$")
	cmd.Env = append(os.Environ(), replay)
	out, _ := cmd.Output()
	trace := func(s string) string { s, _, _ = strings.Cut(s, "\n\nafter "); return s }
	if !strings.Contains(string(out), trace(report)) {
		t.Errorf("first\n%s\nthen\n%s", report, out)
	}
}
