package report

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/litesync/litesync/bench/internal/result"
)

// recorded is a run with one workload of each kind.
func recorded(t *testing.T) *result.Run {
	t.Helper()
	f, err := os.Open("testdata/run.json")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := result.Read(f)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestText(t *testing.T) {
	var buf bytes.Buffer
	Text(&buf, recorded(t), []result.Target{
		{Workload: "ring/stream", Contender: "ring", Baseline: "channel", Class: result.Far, Faster: true, Limit: 4},
		{Workload: "ring/stream", Contender: "ring", Baseline: "channel", Class: result.Siblings, Limit: 1},
	})
	for _, want := range []string{
		"raw core-to-core round trips: 24 % neighbours (median 150 ns), 76 % far (median 500 ns)\n",
		"\n far\n",
		"  channel    3       100   100 to 101    0.200  1.000\n",
		"  ring       3       20.0  20.0 to 20.5  0.040  0.200\n",
		"reached                 5 in 3 rounds",
		"no round in this class",
		"  latency, ns  p50  p90  p99  p99.9  max\n",
	} {
		if !strings.Contains(buf.String(), want) {
			t.Errorf("the report lacks %q:\n%s", want, &buf)
		}
	}
}

func TestBenchstat(t *testing.T) {
	var buf bytes.Buffer
	if err := Benchstat(&buf, recorded(t)); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"goos: linux\n", "BenchmarkRing/stream/class=far/ring-2 1 20.000 ns/op\n"} {
		if !strings.Contains(buf.String(), want) {
			t.Errorf("lacks %q:\n%s", want, &buf)
		}
	}
}
