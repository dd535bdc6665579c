//go:build !purego && !race && !model

package litesync

import "github.com/klauspost/cpuid/v2"

const backend = "arm64"

// enoughTicks is enoughNanos.
var enoughTicks = counterFrequency() * enoughNanos / 1e9

// useLRCPC tells Advance that the CPU has LDAPR, an acquire load that need not
// wait for this core's earlier release stores.
var useLRCPC bool

func detect() []feature {
	if cpuid.CPU.Supports(cpuid.LRCPC) {
		return []feature{{"lrcpc", &useLRCPC}}
	}
	return nil
}

// toldTicksPerSecond is 0 where the firmware has left the register at 0.
func toldTicksPerSecond() float64 { return float64(counterFrequency()) }

// sync/atomic compiles to STLR here, inlined; nothing shorter is worth a call.

func store32(p *Uint32, v uint32)        { p.v.Store(v) }
func store64(p *Uint64, v uint64)        { p.v.Store(v) }
func storeUintptr(p *Uintptr, v uintptr) { p.v.Store(v) }
