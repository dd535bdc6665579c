//go:build !purego && !race && !model

package litesync

import (
	"math"
	"sync"
	_ "unsafe" // for go:linkname

	xcpuid "github.com/klauspost/cpuid/v2"
)

const backend = "amd64"

// enoughTicks is enoughNanos at 2.5 GHz. Time-stamp counters run at 2 to 5 GHz,
// which is near enough.
const enoughTicks = enoughNanos * 5 / 2

// usePrefetchW tells Advance that the CPU has the instruction.
var usePrefetchW bool

// useRDTSCP tells TicksOrdered that the CPU has the instruction.
var useRDTSCP bool

func detect() []feature {
	var found []feature
	if xcpuid.CPU.Supports(xcpuid.RDTSCP) {
		found = append(found, feature{"rdtscp", &useRDTSCP})
	}
	if hasPrefetchW() {
		found = append(found, feature{"prefetchw", &usePrefetchW})
	}
	return found
}

// hasPrefetchW asks CPUID, because package cpuid does not. Every 64-bit CPU has
// the leaf (AMD64 Architecture Programmer's Manual, volume 3, E.4: ECX bit 8).
func hasPrefetchW() bool {
	_, _, ecx := cpuid(0x80000001)
	return ecx&(1<<8) != 0
}

// TicksPerSecond returns the rate of the time-stamp counter, in Hz: as the CPU
// or the hypervisor tells it, else measured against the monotonic clock, which
// takes the first call some milliseconds.
func TicksPerSecond() float64 { return ticksPerSecond() }

var ticksPerSecond = sync.OnceValue(func() float64 {
	if hz := toldTicksPerSecond(); hz > 0 {
		return hz
	}
	const long = 5e6 // nanoseconds
	fromTicks, from := bothClocks()
	for {
		if toTicks, to := bothClocks(); to-from >= long {
			return float64(toTicks-fromTicks) / float64(to-from) * 1e9
		}
	}
})

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

// toldTicksPerSecond asks CPUID for the rate, and returns 0 where it does not
// tell.
func toldTicksPerSecond() float64 {
	const (
		highest        = 0
		tscAndCrystal  = 0x15       // Intel SDM volume 2, CPUID: EBX/EAX times ECX Hz.
		hypervisor     = 0x40000000 // EAX: the highest leaf of the hypervisor.
		hypervisorRate = 0x40000010 // EAX: kHz, with VMware and KVM.
	)
	if top, _, _ := cpuid(highest); top >= tscAndCrystal {
		if den, num, hz := cpuid(tscAndCrystal); den != 0 && num != 0 && hz != 0 {
			return float64(hz) * float64(num) / float64(den)
		}
	}
	switch xcpuid.CPU.HypervisorVendorID {
	case xcpuid.VMware, xcpuid.KVM:
		if top, _, _ := cpuid(hypervisor); top >= hypervisorRate {
			kHz, _, _ := cpuid(hypervisorRate)
			return float64(kHz) * 1e3
		}
	}
	return 0
}
