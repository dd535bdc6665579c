//go:build !linux

package machine

func cpuName() string     { return "unknown CPU" }
func hypervisor() bool    { return false }
func governor(int) string { return "" }
func load() float64       { return 0 }

// Now knows nothing on this OS.
func Now() Times { return Times{} }
