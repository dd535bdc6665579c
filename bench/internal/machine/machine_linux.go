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

// hypervisor goes by what x86 has in the flags of a CPU, and by what others have
// in the device tree or of Xen.
func hypervisor() bool {
	for _, path := range []string{"/proc/device-tree/hypervisor", "/sys/hypervisor/type"} {
		if _, err := os.Stat(path); err == nil {
			return true
		}
	}
	return strings.Contains(cpuinfo("flags"), " hypervisor")
}

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

// governor returns how the frequency of a CPU is scaled, if at all.
func governor(cpu int) string {
	g, _ := os.ReadFile(fmt.Sprintf("/sys/devices/system/cpu/cpu%d/cpufreq/scaling_governor", cpu))
	return strings.TrimSpace(string(g))
}

// load returns the average of the last minute.
func load() (average float64) {
	s, _ := os.ReadFile("/proc/loadavg")
	_, _ = fmt.Sscan(string(s), &average)
	return average
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
