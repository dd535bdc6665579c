//go:build !purego && !race && !model

package litesync

import xcpuid "github.com/klauspost/cpuid/v2"

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

// hasPrefetchW goes by what package cpuid has read, which is not the bit for
// PREFETCHW: under a hypervisor each further CPUID takes tens of microseconds.
// Every 64-bit CPU of AMD has it (AMD64 Architecture Programmer's Manual, volume
// 3, PREFETCHW); Intel's have it since ADX came, in the same generation (Intel
// Architecture Instruction Set Extensions Programming Reference, 319433-018,
// chapter 9).
func hasPrefetchW() bool {
	vendor := xcpuid.CPU.VendorID
	return vendor == xcpuid.AMD || vendor == xcpuid.Hygon || xcpuid.CPU.Supports(xcpuid.ADX)
}

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
