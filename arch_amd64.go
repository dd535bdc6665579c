//go:build !purego && !race && !model

package litesync

import (
	"sync"
	"time"

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

// hasPrefetchW asks CPUID, because package cpuid does not.
func hasPrefetchW() bool {
	const (
		highest  = 0x80000000
		features = 0x80000001 // AMD64 Architecture Programmer's Manual, volume 3, E.4: ECX bit 8.
	)
	if top, _, _ := cpuid(highest); top < features {
		return false
	}
	_, _, ecx := cpuid(features)
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
	const long = 5 * time.Millisecond
	start, from := time.Now(), TicksOrdered()
	for time.Since(start) < long {
	}
	to, took := TicksOrdered(), time.Since(start)
	return float64(to-from) / took.Seconds()
})

// toldTicksPerSecond asks CPUID for the rate, and returns 0 where it does not
// tell.
func toldTicksPerSecond() float64 {
	const (
		highest        = 0
		tscAndCrystal  = 0x15       // Intel SDM volume 2, CPUID: EBX/EAX times ECX Hz.
		hypervisor     = 0x40000000 // EAX: the highest leaf of the hypervisor.
		hypervisorRate = 0x40000010 // EAX: kHz; from VMware, taken up by KVM and others.
	)
	if top, _, _ := cpuid(highest); top >= tscAndCrystal {
		if den, num, hz := cpuid(tscAndCrystal); den != 0 && num != 0 && hz != 0 {
			return float64(hz) * float64(num) / float64(den)
		}
	}
	if xcpuid.CPU.Supports(xcpuid.HYPERVISOR) {
		if top, _, _ := cpuid(hypervisor); top >= hypervisorRate {
			kHz, _, _ := cpuid(hypervisorRate)
			return float64(kHz) * 1e3
		}
	}
	return 0
}
