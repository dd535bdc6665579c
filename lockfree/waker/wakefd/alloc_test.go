//go:build linux && !race && !model

package wakefd_test

import "testing"

func TestAllocs(t *testing.T) {
	d := open(t)
	if got := testing.AllocsPerRun(100, func() { d.Wake(); d.Wake(); d.Clear() }); got > 0 {
		t.Errorf("%v allocations", got)
	}
}
