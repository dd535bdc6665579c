//go:build (amd64 || arm64) && !purego && !race && !model

package litesync

import (
	"math"
	"testing"
)

// What is measured where nothing tells the rate is the rate, as far as a busy
// machine lets measure it.
func TestMeasuredTicksPerSecond(t *testing.T) {
	told, best := TicksPerSecond(), math.Inf(1)
	for range 10 {
		best = min(best, math.Abs(measuredTicksPerSecond()/told-1))
	}
	if best > 0.1 {
		t.Errorf("measured %.0f %% off TicksPerSecond", best*100)
	}
}
