//go:build !(linux && (amd64 || arm64)) && !model

package litesync

// CanFenceHeavy reports whether the operating system has FenceHeavy: always the
// same, and false everywhere but on Linux.
func CanFenceHeavy() bool { return false }

// FenceHeavy makes every other thread of the process execute a full fence at
// some point during the call, and executes one itself. It panics unless
// CanFenceHeavy.
func FenceHeavy() { panic("litesync: FenceHeavy: the system has no membarrier") }
