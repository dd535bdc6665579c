//go:build !linux

package machine

func cpuName() string              { return "unknown CPU" }
func hypervisor() bool             { return false }
func governor() string             { return "" }
func loadAverage() (float64, bool) { return 0, false }

// Now knows nothing on this OS.
func Now() Times { return Times{} }
