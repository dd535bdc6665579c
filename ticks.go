//go:build (amd64 || arm64) && !purego && !race && !model

package litesync

import (
	"math"
	"sync"
	_ "unsafe" // for go:linkname
)

// TicksPerSecond returns the rate of the time-stamp counter, in Hz: as the CPU,
// the firmware or the hypervisor tells it, else measured against the monotonic
// clock, which takes the first call some milliseconds.
func TicksPerSecond() float64 { return ticksPerSecond() }

var ticksPerSecond = sync.OnceValue(func() float64 {
	if hz := toldTicksPerSecond(); hz > 0 {
		return hz
	}
	return measuredTicksPerSecond()
})

func measuredTicksPerSecond() float64 {
	const long = 5e6 // nanoseconds
	fromTicks, from := bothClocks()
	for {
		if toTicks, to := bothClocks(); to-from >= long {
			return float64(toTicks-fromTicks) / float64(to-from) * 1e9
		}
	}
}

// bothClocks reads the time-stamp counter and the monotonic clock at one
// moment, just after the clock moved. Of some tries the shortest counts: in the
// others the thread may have lost the CPU between the two.
func bothClocks() (ticks uint64, nanos int64) {
	for was := nanotime(); nanotime() == was; {
	}
	shortest := uint64(math.MaxUint64)
	for range 16 {
		before, now := TicksOrdered(), nanotime()
		if took := TicksOrdered() - before; took < shortest {
			shortest, ticks, nanos = took, before+took/2, now
		}
	}
	return ticks, nanos
}

// nanotime is the runtime's monotonic clock. That of package time stands still
// in a testing/synctest bubble.
//
//go:linkname nanotime runtime.nanotime
func nanotime() int64
