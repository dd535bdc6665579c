//go:build go1.25 && !go1.27 && !aix && !solaris && !purego && !race && !litesyncdebug && !model

package park

import "unsafe"

// The numbers of runtime.waitReasonSyncCondWait and runtime.traceBlockCondWait,
// the same in the releases that the build tags name.
const (
	waitReason  = 21
	traceReason = 4
)

// seat needs no memory: the sleeping goroutine, a *runtime.g, is in the state of
// its Parker, from where the collector need not see it, because the runtime keeps
// every g for good, at one address.
type seat struct{}

// A g lies in the heap, at a multiple of gAlign and below 1<<48, on the systems
// that the build tags leave here. It is no multiple of more where the allocator
// puts its header of 8 bytes before it, as it does on 32-bit machines.
const gAlign = 8

// sleep blocks, unless a wake or a cancel has come since p was announced.
func (seat) sleep(p *Parker) {
	gopark(sit, unsafe.Pointer(p), waitReason, traceReason, 2)
}

// sit runs on the system stack of the thread that the goroutine leaves, which
// sleeps from here on; if it returns false it is resumed at once. No race
// context, no stack growth and no write barrier there.
//
//go:norace
//go:nosplit
func sit(g uintptr, parker unsafe.Pointer) bool {
	return (*Parker)(parker).commit(uint64(g / gAlign))
}

// wake readies the sleeper. The caller is the one that took it out of the state,
// and so is the only one.
func (seat) wake(sleeper uint64) {
	goready(uintptr(sleeper)*gAlign, 1)
}

// bed holds the sleeping goroutine, as seat does.
type bed struct{ g uintptr }

// Sleep blocks until Wake, unless fall returns false.
func (b *Bed) Sleep() { gopark(fall, unsafe.Pointer(b), waitReason, traceReason, 1) }

// fall runs on the system stack, like sit.
func fall(g uintptr, arg unsafe.Pointer) bool {
	b := (*Bed)(arg)
	b.g = g
	return b.fall()
}

// Wake gets the sleeper up. Call it once for each fall that returns true.
func (b *Bed) Wake() { goready(b.g, 1) }

//go:linkname gopark runtime.gopark
func gopark(commit func(g uintptr, arg unsafe.Pointer) bool, arg unsafe.Pointer, reason, trace uint8, skip int)

//go:linkname goready runtime.goready
func goready(g uintptr, skip int)

// canSpin reports whether spinning can help and hurts nobody: there is another
// running P, and none waits for this one.
//
//go:linkname canSpin sync.runtime_canSpin
func canSpin(i int) bool

// yield lets the goroutines run that wait for this P.
//
//go:linkname yield runtime.goyield
func yield()

const canYield = true

// dice returns a random number, at the price of a call.
//
//go:linkname dice runtime.cheaprand
func dice() uint32
