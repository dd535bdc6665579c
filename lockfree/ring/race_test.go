//go:build race

package ring_test

import (
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/litesync/litesync/lockfree/ring"
)

// TestRaceReported runs two producers on one end in another run of this
// binary, and wants the race detector to complain.
func TestRaceReported(t *testing.T) {
	if os.Getenv("RING_TWO_PRODUCERS") != "" {
		p, _ := ring.New[int](1024)
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() {
				for i := range 100 {
					p.Push(i)
				}
			})
		}
		wg.Wait()
		return
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestRaceReported$")
	cmd.Env = append(os.Environ(), "RING_TWO_PRODUCERS=1")
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "DATA RACE") {
		t.Fatalf("no race was reported: %v\n%s", err, out)
	}
}
