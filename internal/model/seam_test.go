//go:build !model

package model_test

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Without the model tag a program that uses every primitive has nothing of the
// checker in it, and nothing is left of the payload hooks: they are inlined, and
// empty.
func TestNoTrace(t *testing.T) {
	if testing.Short() {
		t.Skip("links two programs")
	}
	for _, pkg := range []string{"spsc", "oneshot"} {
		binary := filepath.Join(t.TempDir(), pkg+".test")
		run := func(name string, args ...string) string {
			out, err := exec.Command(name, args...).CombinedOutput()
			if err != nil {
				t.Fatalf("%s %v: %v\n%s", name, args, err, out)
			}
			return string(out)
		}
		run("go", "test", "-c", "-o", binary, "github.com/litesync/litesync/lockfree/"+pkg)
		symbols := run("go", "tool", "nm", binary)
		if !strings.Contains(symbols, "lockfree/"+pkg) {
			t.Fatal("the symbols are not what they should be")
		}
		for _, line := range strings.Split(symbols, "\n") {
			if strings.Contains(line, "litesync/internal/model") || strings.Contains(line, "litesync.WillRead") || strings.Contains(line, "litesync.WillWrite") {
				t.Error(line)
			}
		}
	}
}
