//go:build litesyncdebug && go1.25 && !go1.27 && !purego

package misuse

import "unsafe"

// self tells goroutines apart: it returns the address of the caller's
// runtime.g. It puts the goroutine to sleep, which does not happen, for the runtime
// passes the g to the function that can refuse it.
func self() (g uintptr) {
	gopark(refuse, unsafe.Pointer(&g), 0, 0, 1)
	return g
}

// refuse runs on the system stack.
//
//go:norace
//go:nosplit
func refuse(g uintptr, to unsafe.Pointer) bool {
	*(*uintptr)(to) = g
	return false
}

//go:linkname gopark runtime.gopark
//go:noescape
func gopark(commit func(g uintptr, arg unsafe.Pointer) bool, arg unsafe.Pointer, reason, trace uint8, skip int)
