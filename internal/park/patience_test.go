//go:build !model

package park_test

import (
	"fmt"
	"os"
	"runtime"
	"sync/atomic"
	"testing"

	"github.com/litesync/litesync"
	"github.com/litesync/litesync/internal/park"
	"github.com/litesync/litesync/internal/trial"
)

// Waits pass as long as that goes well, few do if it does not, and the rarer the
// longer it took.
func TestPatience(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1)) // Else who has nobody to pass to spins.
	var p park.Patience
	passing := func() (n int) {
		for range 1000 {
			if _, may := p.MayPass(); may {
				n++
			}
		}
		return n
	}
	good := func() {
		trial.Within(t, func() {
			for passing() < 1000 { // Once, unless something interrupts.
				for range 32 {
					p.Passed(litesync.Ticks(), true)
				}
			}
		})
	}
	second := litesync.TicksPerSecond()
	ago := func(seconds float64) uint64 { return litesync.Ticks() - uint64(seconds*second) }
	if passing() == 0 || os.Getenv("LITESYNC_EMULATED") != "" {
		return // This build cannot, or it always takes long.
	}
	for _, c := range []struct {
		name     string
		learn    func()
		from, to int
	}{
		{"one was in vain", func() { p.Passed(0, false) }, 300, 700},
		{"many were in vain", func() {
			for range 9 {
				p.Passed(0, false)
			}
		}, 1, 40},
		{"one took 10 µs", func() { p.Passed(ago(10e-6), true) }, 0, 60},
		{"one took 10 ms", func() { p.Passed(ago(10e-3), true) }, 0, 5},
		{"nine took 40 ms", func() {
			for range 9 {
				p.Passed(ago(40e-3), true)
			}
		}, 0, 3},
	} {
		c.learn()
		if n := passing(); n < c.from || n > c.to {
			t.Errorf("%s: %d of 1000 pass, want %d to %d", c.name, n, c.from, c.to)
		}
		good()
	}
}

// While all goes well every wait of a Parker passes, all are measured until they
// have proven short, then one in sixteen, and to count them leaves the permits
// alone. Who has polled does not pass.
func TestParkerPasses(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var p park.Parker
	if _, may := p.MayPass(); !may {
		t.Skip("this build never passes")
	}
	measured := 0
	for i := range 1600 {
		start, may := p.MayPass()
		if !may {
			t.Fatalf("wait %d does not pass", i)
		}
		if start != 0 {
			measured++
		}
		if p.TryTake() {
			t.Fatalf("a permit from nowhere after %d passes", i)
		}
		if p.Wake(); !p.TryTake() || p.TryTake() {
			t.Fatalf("not one permit after %d passes", i)
		}
	}
	if want := 240 - 1 + (1601-240)/16; measured != want {
		t.Errorf("%d of passes 2 to 1601 are measured, want %d", measured, want)
	}
	p.Passed(litesync.Ticks()-uint64(litesync.TicksPerSecond()*10e-6), true)
	for passes := 0; passes < 100; {
		if start, may := p.MayPass(); may {
			passes++
			if start == 0 {
				t.Fatalf("pass %d after one that took long is not measured", passes)
			}
			p.Passed(litesync.Ticks(), true)
		}
	}
	vain := proven()
	vain.Passed(0, false)
	for may := false; !may; {
		var start uint64
		if start, may = vain.MayPass(); may && start == 0 {
			t.Error("a pass after one in vain is not measured")
		}
	}
	polled := proven()
	for polled.Poll("park") {
	}
	if _, may := polled.MayPass(); may {
		t.Error("passes though it has polled")
	}
}

// proven returns a Parker that has passed until that was not measured.
func proven() *park.Parker {
	p := new(park.Parker)
	for {
		if start, may := p.MayPass(); may && start == 0 {
			return p
		}
	}
}

// Whose passes have proven short passes up to 15 times more after the goroutine
// it passed to has moved to another P.
func TestParkerAsks(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	if _, may := new(park.Parker).MayPass(); !may || runtime.NumCPU() == 1 {
		t.Skip("this build never passes, or nobody can be on another P")
	}
	p := proven()
	runtime.GOMAXPROCS(2)
	var stop atomic.Bool
	defer stop.Store(true)
	go func() {
		for !stop.Load() {
		}
	}()
	n := 0
	trial.Within(t, func() {
		for range 1000 {
			for !park.Alone() {
			}
			if _, may := p.MayPass(); may {
				n++
			}
		}
	})
	if n == 0 || n > 100 { // It is alone for long, but not always.
		t.Errorf("%d of 1000 waits pass", n)
	}
}

// Waits spin as long as that goes well, few do if it does not, and a mix of both
// is no reason to write what all read.
func TestPatienceSpin(t *testing.T) {
	if _, may := new(park.Patience).MayPass(); !may {
		t.Skip("this build never spins")
	}
	var p park.Patience
	spins := func(waits int, found bool) (n int) {
		for range waits {
			looked := false
			if got := p.Spin(func() bool { looked = true; return found }); got != (looked && found) {
				t.Fatalf("looked %v, Spin %v", looked, got)
			}
			if looked {
				n++
			}
		}
		return n
	}
	if n := spins(1000, true); n != 1000 {
		t.Errorf("at first %d of 1000 spin", n)
	}
	for range 3 {
		spins(2000, false)
		if n := spins(1000, false); n < 10 || n > 200 {
			t.Errorf("%d of 1000 spin after 2000 in vain, want 10 to 200", n)
		}
		p.Passed(litesync.Ticks(), false) // That is another matter.
		if n := spins(1000, false); n < 10 || n > 200 {
			t.Errorf("%d of 1000 spin after a pass", n)
		}
		spins(1000, true)
		if n := spins(1000, true); n != 1000 {
			t.Errorf("%d of 1000 spin after 1000 that went well", n)
		}
	}

	const waits = 4000
	writes, before := 0, fmt.Sprint(&p)
	for i := range waits {
		spins(1, i%2 == 0)
		if now := fmt.Sprint(&p); now != before {
			writes, before = writes+1, now
		}
	}
	if writes == 0 || writes > waits/8 {
		t.Errorf("%d writes in %d waits, every other in vain; want 1 to %d", writes, waits, waits/8)
	}
}
