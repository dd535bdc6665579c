//go:build !model

package park_test

import (
	"os"
	"runtime"
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
		}, 50, 200},
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
