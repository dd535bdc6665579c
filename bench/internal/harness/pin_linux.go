package harness

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// CanPin says whether threads are pinned to CPUs on this OS.
const CanPin = true

// Pin pins the calling thread to a CPU.
func Pin(cpu int) error {
	var set unix.CPUSet
	set.Set(cpu)
	return unix.SchedSetaffinity(0, &set)
}

// Allowed returns the CPUs that the process may use.
func Allowed() []int {
	var set unix.CPUSet
	if err := unix.SchedGetaffinity(0, &set); err != nil {
		return nil
	}
	var cpus []int
	for cpu := range len(set) * strconv.IntSize {
		if set.IsSet(cpu) {
			cpus = append(cpus, cpu)
		}
	}
	return cpus
}

// Choose returns two of cpus that are not hardware threads of one core, if
// there are such, else the first two.
func Choose(cpus []int) [2]int {
	for _, second := range cpus[1:] {
		if !slices.Contains(siblings(cpus[0]), second) {
			return [2]int{cpus[0], second}
		}
	}
	return [2]int{cpus[0], cpus[1]}
}

// siblings returns the hardware threads of the core that cpu is one of.
func siblings(cpu int) []int {
	list, err := os.ReadFile(fmt.Sprintf("/sys/devices/system/cpu/cpu%d/topology/thread_siblings_list", cpu))
	if err != nil {
		return nil
	}
	return parseCPUs(string(list))
}

// parseCPUs reads a list such as "0-3,8".
func parseCPUs(list string) []int {
	var cpus []int
	for part := range strings.SplitSeq(strings.TrimSpace(list), ",") {
		from, to, isRange := strings.Cut(part, "-")
		first, err := strconv.Atoi(from)
		if err != nil {
			return nil
		}
		last := first
		if isRange {
			if last, err = strconv.Atoi(to); err != nil {
				return nil
			}
		}
		for cpu := first; cpu <= last; cpu++ {
			cpus = append(cpus, cpu)
		}
	}
	return cpus
}

// lateness is how long a thread has been ready to run while its CPU ran
// another.
type lateness struct{ f *os.File }

// newLateness is that of the calling thread.
func newLateness() *lateness {
	// Without the file, which not every kernel has, nobody is ever late.
	f, _ := os.Open("/proc/thread-self/schedstat")
	return &lateness{f}
}

func (l *lateness) read() time.Duration {
	var buf [64]byte
	if l.f == nil {
		return 0
	}
	n, _ := l.f.ReadAt(buf[:], 0)
	return parseSchedstat(string(buf[:n]))
}

// parseSchedstat reads the second of three numbers: time on a CPU, time waiting
// for one, both in ns, and the number of time slices.
func parseSchedstat(s string) time.Duration {
	fields := strings.Fields(s)
	if len(fields) != 3 {
		return 0
	}
	ns, _ := strconv.ParseInt(fields[1], 10, 64)
	return time.Duration(ns)
}

func (l *lateness) close() {
	if l.f != nil {
		l.f.Close()
	}
}

// processLateness is that of all threads of the process.
func processLateness() (sum time.Duration) {
	threads, _ := filepath.Glob("/proc/self/task/*/schedstat")
	for _, t := range threads {
		s, _ := os.ReadFile(t)
		sum += parseSchedstat(string(s))
	}
	return sum
}
