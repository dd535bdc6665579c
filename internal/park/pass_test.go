//go:build !model

package park_test

import (
	"testing"

	"github.com/litesync/litesync"
	"github.com/litesync/litesync/internal/park"
)

// passing is how many of a thousand waits may pass.
func passing() (n int) {
	for range 1000 {
		if _, may := park.MayPass(); may {
			n++
		}
	}
	return n
}

// Waits pass as long as that goes well.
func TestPass(t *testing.T) {
	good := func() {
		for range 3 {
			park.Passed(litesync.Ticks(), true)
		}
	}
	defer good()
	good()
	if n := passing(); n == 0 {
		return // This build cannot yield.
	} else if n != 1000 {
		t.Errorf("%d pass while it goes well", n)
	}
	park.Passed(0, false)
	if n := passing(); n == 0 || n > 200 {
		t.Errorf("%d pass after one in vain", n)
	}
	park.Passed(litesync.Ticks()-1<<40, true) // long ago
	if n := passing(); n > 50 {
		t.Errorf("%d pass after a slow one", n)
	}
	good()
	if n := passing(); n != 1000 {
		t.Errorf("%d pass when it goes well again", n)
	}
}
