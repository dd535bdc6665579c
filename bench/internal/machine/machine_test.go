package machine

import (
	"strings"
	"testing"
)

func TestWarnings(t *testing.T) {
	good := facts{os: "linux", backend: "amd64", canPin: true, cpus: 4, procs: 4, governors: []string{"performance", ""}, load: 0.1}
	if ws := good.warnings(); ws != nil {
		t.Errorf("nothing is wrong, but: %q", ws)
	}
	for want, spoil := range map[string]func(f *facts){
		"cannot be pinned on plan9":          func(f *facts) { f.os, f.canPin = "plan9", false },
		"a hypervisor":                       func(f *facts) { f.hypervisor = true },
		`(governor "powersave")`:             func(f *facts) { f.governors = []string{"performance", "powersave"} },
		"GOMAXPROCS is 2 with 4 CPUs":        func(f *facts) { f.procs = 2 },
		"with two CPUs":                      func(f *facts) { f.cpus, f.procs = 2, 2 },
		"busy (load 0.6 in the last minute)": func(f *facts) { f.load = 0.6 },
		"backend is the portable one":        func(f *facts) { f.backend = "generic" },
	} {
		f := good
		spoil(&f)
		if ws := f.warnings(); len(ws) != 1 || !strings.Contains(ws[0], want) {
			t.Errorf("%q, want one warning with %q", ws, want)
		}
	}
}
