//go:build litesyncdebug && goexperiment.goroutineleakprofile && !model

package misuse_test

import (
	"bufio"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/litesync/litesync/lockfree/oneshot"
	"github.com/litesync/litesync/lockfree/spsc"
)

// A program with the tag reports, after a garbage collection, who waits at
// a channel which nobody else can reach, and nobody else.
func TestLeaked(t *testing.T) {
	if os.Getenv("LEAK") != "" {
		leak(t)
		return
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestLeaked$")
	cmd.Env = append(os.Environ(), "LEAK=1")
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	late := time.AfterFunc(20*time.Second, func() { cmd.Process.Kill() })
	var report []string
	missing := []string{"leakChannel", "leakOneshot"}
	for lines := bufio.NewScanner(stderr); len(missing) > 0 && lines.Scan(); {
		report = append(report, lines.Text())
		missing = slices.DeleteFunc(missing, func(f string) bool { return strings.Contains(lines.Text(), f+"(") })
	}
	late.Stop()
	cmd.Process.Kill()
	cmd.Wait()
	text := strings.Join(report, "\n")
	if len(missing) > 0 {
		t.Errorf("%q are not reported:\n%s", missing, text)
	}
	if strings.Contains(text, "leakNot") {
		t.Errorf("one that will be woken is reported:\n%s", text)
	}
}

// leak leaks goroutines, and collects garbage until it is killed.
func leak(t *testing.T) {
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
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		runtime.GC()
	}
	kept.Close()
}

func leakNot(r *spsc.Receiver[int])        { r.Recv() }
func leakChannel(r *spsc.Receiver[int])    { r.Recv() }
func leakOneshot(r *oneshot.Receiver[int]) { r.Recv() }
