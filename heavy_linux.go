//go:build linux && (amd64 || arm64) && !model

package litesync

import (
	"sync/atomic"
	"syscall"
)

// The commands of membarrier(2).
const (
	membarrierPrivateExpedited         = 1 << 3
	membarrierRegisterPrivateExpedited = 1 << 4
)

// membarrier says whether the process may use membarrier: unknown until
// CanFenceHeavy is first called.
var membarrier atomic.Uint32

const (
	membarrierUnknown = iota
	membarrierRegistered
	membarrierMissing // An old kernel, or a sandbox.
)

// CanFenceHeavy reports whether the operating system has FenceHeavy: always the
// same, and false everywhere but on Linux.
func CanFenceHeavy() bool {
	known := membarrier.Load()
	if known == membarrierUnknown {
		known = register()
	}
	return known == membarrierRegistered
}

// register asks for membarrier and returns the answer; apart, so that
// CanFenceHeavy is inlined.
func register() uint32 {
	known := uint32(membarrierRegistered)
	if _, _, e := syscall.RawSyscall(sysMembarrier, membarrierRegisterPrivateExpedited, 0, 0); e != 0 {
		known = membarrierMissing
	}
	membarrier.Store(known)
	return known
}

// FenceHeavy makes every other thread of the process execute a full fence at
// some point during the call, and executes one itself. It panics unless
// CanFenceHeavy.
//
// It is for pairs of which one side is rare: against a FenceHeavy the frequent
// side needs no fence between its store and its load. It uses membarrier(2),
// which interrupts the other processors that run the process: some
// microseconds.
func FenceHeavy() {
	if !CanFenceHeavy() {
		panic("litesync: FenceHeavy: the system has no membarrier")
	}
	if _, _, e := syscall.RawSyscall(sysMembarrier, membarrierPrivateExpedited, 0, 0); e != 0 {
		panic("litesync: FenceHeavy: membarrier failed after it was registered: " + e.Error())
	}
}
