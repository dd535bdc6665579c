//go:build !(linux && (amd64 || arm64)) && !model

package litesync

// FenceHeavy makes every other thread of the process execute a full fence at
// some point during the call, and executes one itself. It reports whether the
// operating system can: always the same, and false everywhere but on Linux.
func FenceHeavy() bool { return false }
