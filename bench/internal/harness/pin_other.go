//go:build !linux

package harness

import (
	"runtime"
	"time"
)

// CanPin says whether threads are pinned to CPUs on this OS.
const CanPin = false

// Pin does nothing: this OS offers no way to pin a thread.
func Pin(int) error { return nil }

// Allowed returns the CPUs that the process may use.
func Allowed() []int {
	cpus := make([]int, runtime.NumCPU())
	for i := range cpus {
		cpus[i] = i
	}
	return cpus
}

// Choose returns the first two of cpus.
func Choose(cpus []int) [2]int { return [2]int{cpus[0], cpus[1]} }

// lateness is unknown on this OS.
type lateness struct{}

func newLateness() *lateness          { return nil }
func (*lateness) read() time.Duration { return 0 }
func (*lateness) close()              {}

func processLateness() time.Duration { return 0 }
