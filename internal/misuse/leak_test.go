//go:build litesyncdebug && goexperiment.goroutineleakprofile && !model

package misuse_test

import (
	"bytes"
	"runtime/pprof"
	"strings"
	"testing"

	"github.com/litesync/litesync/lockfree/oneshot"
	"github.com/litesync/litesync/lockfree/spsc"
)

// With the tag goroutines sleep where the runtime can tell: its profile of leaked
// goroutines has those that wait at a channel which nobody else can reach.
func TestLeaked(t *testing.T) {
	kept, keep := spsc.New[int](1)
	go leakNot(keep)
	func() {
		_, r := spsc.New[int](1)
		_, o := oneshot.New[int]()
		go leakChannel(r)
		go leakOneshot(o)
	}()
	for _, f := range []string{"leakNot", "leakChannel", "leakOneshot"} {
		asleep(t, f)
	}
	var leaked bytes.Buffer
	if err := pprof.Lookup("goroutineleak").WriteTo(&leaked, 2); err != nil {
		t.Fatal(err)
	}
	report := ""
	for _, g := range strings.Split(leaked.String(), "\n\n") {
		if head, _, _ := strings.Cut(g, "\n"); strings.Contains(head, "leaked") {
			report += g
		}
	}
	for _, f := range []string{"leakChannel", "leakOneshot"} {
		if !strings.Contains(report, f) {
			t.Errorf("%s is not in\n%s", f, report)
		}
	}
	if strings.Contains(report, "leakNot") {
		t.Errorf("one that will be woken is reported:\n%s", report)
	}
	kept.Close()
}

func leakNot(r *spsc.Receiver[int])        { r.Recv() }
func leakChannel(r *spsc.Receiver[int])    { r.Recv() }
func leakOneshot(r *oneshot.Receiver[int]) { r.Recv() }
