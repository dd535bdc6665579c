//go:build go1.25 && !go1.27 && !purego && !race && !model

package park

import "unsafe"

// The numbers of runtime.waitReasonSyncCondWait and runtime.traceBlockCondWait,
// the same in the releases that the build tags name.
const (
	waitReason  = 21
	traceReason = 4
)

// seat holds the sleeping goroutine, a *runtime.g. It is a uintptr, because the
// type cannot be named here and the collector need not see it: the runtime
// keeps every g for good, at one address.
type seat struct {
	g uintptr
}

// sleep blocks, unless a wake or a cancel has come since p was announced.
func (s *seat) sleep(p *Parker) {
	gopark(sit, unsafe.Pointer(p), waitReason, traceReason, 2)
}

// sit runs on the system stack of the thread that the goroutine leaves, which
// sleeps from here on; if it returns false it is resumed at once. No race
// context, no stack growth and no write barrier there.
//
//go:norace
//go:nosplit
func sit(g uintptr, parker unsafe.Pointer) bool {
	p := (*Parker)(parker)
	p.seat.g = g
	return p.commit()
}

// wake readies the sleeper. The caller is the one that moved the state on from
// asleep, so there is one in the seat and nobody else touches it.
func (s *seat) wake() {
	goready(s.g, 1)
}

//go:linkname gopark runtime.gopark
func gopark(commit func(g uintptr, arg unsafe.Pointer) bool, arg unsafe.Pointer, reason, trace uint8, skip int)

//go:linkname goready runtime.goready
func goready(g uintptr, skip int)

// canSpin reports whether spinning can help and hurts nobody: there is another
// running P, and none waits for this one.
//
//go:linkname canSpin sync.runtime_canSpin
func canSpin(i int) bool
