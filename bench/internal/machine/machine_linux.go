package machine

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// cpuName returns what the kernel calls the CPU.
func cpuName() string {
	for _, key := range []string{"model name", "Hardware", "Model"} {
		if name := cpuinfo(key); name != "" {
			return name
		}
	}
	return "unknown CPU"
}

func hypervisor() bool { return strings.Contains(cpuinfo("flags"), " hypervisor") }

// cpuinfo returns the first value of a key in /proc/cpuinfo.
func cpuinfo(key string) string {
	info, _ := os.ReadFile("/proc/cpuinfo")
	lines := bufio.NewScanner(bytes.NewReader(info))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		if k, v, ok := strings.Cut(lines.Text(), ":"); ok && strings.TrimSpace(k) == key {
			return strings.TrimSpace(v)
		}
	}
	return ""
}

// governor returns how the frequency of the first CPU is scaled, if at all.
func governor() string {
	g, _ := os.ReadFile("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")
	return strings.TrimSpace(string(g))
}

func loadAverage() (load float64, ok bool) {
	s, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return 0, false
	}
	_, err = fmt.Sscan(string(s), &load)
	return load, err == nil
}

// userHz is the unit of /proc/stat, the same on all architectures of Linux.
const userHz = 100

// Now reads the times.
func Now() Times {
	s, err := os.ReadFile("/proc/stat")
	if err != nil {
		return Times{}
	}
	t, err := parseStat(string(s))
	if err != nil {
		return Times{}
	}
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		return Times{}
	}
	t.Own = float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
	t.known = true
	return t
}

// parseStat reads the first line of /proc/stat.
func parseStat(s string) (Times, error) {
	var user, nice, system, idle, iowait, irq, softirq, steal float64
	if _, err := fmt.Sscanf(s, "cpu %g %g %g %g %g %g %g %g", &user, &nice, &system, &idle, &iowait, &irq, &softirq, &steal); err != nil {
		return Times{}, err
	}
	busy := user + nice + system + irq + softirq
	return Times{Busy: busy / userHz, Stolen: steal / userHz, Total: (busy + idle + iowait + steal) / userHz}, nil
}
