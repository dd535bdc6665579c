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
// FenceHeavy is first called.
var membarrier atomic.Uint32

const (
	membarrierUnknown = iota
	membarrierRegistered
	membarrierMissing // An old kernel, or a sandbox.
)

// FenceHeavy makes every other thread of the process execute a full fence at
// some point during the call, and executes one itself. It reports whether the
// operating system can: always the same, and false everywhere but on Linux.
//
// It is for pairs of which one side is rare: against a FenceHeavy the frequent
// side needs no fence between its store and its load. It uses membarrier(2),
// which interrupts the other processors that run the process: some
// microseconds.
func FenceHeavy() bool {
	if membarrier.Load() == membarrierUnknown {
		_, _, e := syscall.RawSyscall(sysMembarrier, membarrierRegisterPrivateExpedited, 0, 0)
		if e == 0 {
			membarrier.Store(membarrierRegistered)
		} else {
			membarrier.Store(membarrierMissing)
		}
	}
	if membarrier.Load() == membarrierMissing {
		return false
	}
	if _, _, e := syscall.RawSyscall(sysMembarrier, membarrierPrivateExpedited, 0, 0); e != 0 {
		panic("litesync: FenceHeavy: membarrier failed after it was registered: " + e.Error())
	}
	return true
}
