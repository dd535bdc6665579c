package report

import (
	"bytes"
	"encoding/xml"
	"math"
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
	r := recorded(t)
	r.Sizes = []result.Size{{Group: "a group", Name: "a thing", Bytes: 48}}
	Text(&buf, r, []result.Target{
		{Workload: "ring/push+pop alone", Contender: "ring", Baseline: "channel", Class: result.All, Faster: true, Limit: 4},
		{Workload: "ring/stream", Contender: "ring", Baseline: "channel", Class: result.Far, Faster: true, Limit: 4},
		{Workload: "ring/stream", Contender: "ring", Baseline: "channel", Class: result.Siblings, Limit: 1},
	})
	for _, want := range []string{
		"Cores by raw round trip: neighbours in 24 % (median 150 ns), far in 76 % (median 500 ns); left out: moved in 0 %, disturbed by other processes in 0 %.\n",
		"\n far\n",
		"  channel    3       100   100 to 101    0.200  1.000\n",
		"  ring       3       20.0  20.0 to 20.5  0.040  0.200\n",
		"reached                 12 in 5 rounds",
		"too few rounds          5 in 3 rounds",
		"no round in this class",
		"a group\n  a thing  48\n",
		"  latency, ns  operations  p50  p90  p99  p99.9  max\n",
	} {
		if !strings.Contains(buf.String(), want) {
			t.Errorf("the report lacks %q:\n%s", want, &buf)
		}
	}
}

func TestFixedRate(t *testing.T) {
	r := recorded(t)
	wl := &r.Workloads[1]
	wl.Series, wl.X, wl.LatencyOnly = "messages a second", 1e6, true
	var buf bytes.Buffer
	Text(&buf, r, nil)
	if _, after, _ := strings.Cut(buf.String(), "ping-pong latency\n"); !strings.HasPrefix(after, " neighbours\n far\n  latency, ns") {
		t.Errorf("want percentiles and no times:\n%s", after)
	}
	buf.Reset()
	if err := HTML(&buf, r, nil); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"p99.9 latency in ns, far", ">messages a second<", "latency in ns, far, ping-pong latency"} {
		if !strings.Contains(buf.String(), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

// Where no workload takes two cores there are no distances to tell.
func TestOneCore(t *testing.T) {
	r := recorded(t)
	r.Workloads = []result.Workload{*r.Workload("ring/push+pop alone")}
	var buf bytes.Buffer
	Text(&buf, r, nil)
	if !strings.Contains(buf.String(), "Nothing here takes two cores.\n") || strings.Contains(buf.String(), "left out") {
		t.Errorf("want no distances:\n%s", &buf)
	}
}

// A workload without a round that counts is not passed over.
func TestAllLeftOut(t *testing.T) {
	r := recorded(t)
	for i := range r.Workloads[0].Contenders {
		for j := range r.Workloads[0].Contenders[i].Samples {
			r.Workloads[0].Contenders[i].Samples[j].Disturbed = true
		}
	}
	var text, html bytes.Buffer
	Text(&text, r, nil)
	if err := HTML(&html, r, nil); err != nil {
		t.Fatal(err)
	}
	for _, b := range []*bytes.Buffer{&text, &html} {
		if !strings.Contains(b.String(), leftOut) {
			t.Errorf("lacks %q:\n%s", leftOut, b)
		}
	}
}

func TestBenchstat(t *testing.T) {
	var buf bytes.Buffer
	r := recorded(t)
	r.Workloads[0].Contenders[1].Name = "sync/atomic ring"
	r.Workloads[1].LatencyOnly = true
	if err := Benchstat(&buf, r); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"goos: linux\n",
		"BenchmarkRing/stream/class=far/contender=ring-2 1 20.000 ns/op\n",
		"/contender=sync-atomic_ring-2 1 ",
		"BenchmarkRing/ping-pong_latency/class=far/contender=ring-2 1 510 p50-ns 600 p99-ns 900 p99.9-ns\n",
	} {
		if !strings.Contains(buf.String(), want) {
			t.Errorf("lacks %q:\n%s", want, &buf)
		}
	}
	for line := range strings.Lines(buf.String()) {
		if strings.Contains(line, "ping-pong_latency") && strings.Contains(line, "ns/op") {
			t.Errorf("the time per operation at a fixed rate: %s", line)
		}
	}
}

func TestHTML(t *testing.T) {
	r := recorded(t)
	r.Workloads[0].Contenders[0].Name = "a <ring>"
	r.Sizes = []result.Size{{Group: "a group", Name: "a thing", Bytes: 48}}
	var buf bytes.Buffer
	err := HTML(&buf, r, []result.Target{{Workload: "ring/push+pop alone", Contender: "ring", Baseline: "channel", Class: result.All, Limit: 4}})
	if err != nil {
		t.Fatal(err)
	}
	got := buf.String()
	for _, want := range []string{"a hypervisor runs this machine", "a &lt;ring&gt;", "by capacity", ">p99.9<", `class="reached"`, "a group", "48"} {
		if !strings.Contains(got, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	for _, not := range []string{"http", "<script", "NaN", "Inf"} {
		if strings.Contains(got, not) {
			t.Errorf("the page has %q", not)
		}
	}
	charts := 0
	for rest := got; ; charts++ {
		from := strings.Index(rest, "<svg")
		if from < 0 {
			break
		}
		to := strings.Index(rest, "</svg>") + len("</svg>")
		if err := xml.Unmarshal([]byte(rest[from:to]), new(struct{})); err != nil {
			t.Errorf("chart %d: %v", charts, err)
		}
		rest = rest[to:]
	}
	if charts != 6 {
		t.Errorf("%d charts, want 6: two classes of two workloads, one of one, one series", charts)
	}
}

func TestAxis(t *testing.T) {
	a := axis{lo: math.Inf(1), from: 0, to: 100}
	for _, v := range []float64{1, 10000, 0, -1} {
		a.include(v)
	}
	if got := a.at(100); math.Abs(got-50) > 1e-9 {
		t.Errorf("100 is at %v between 1 and 10000, want 50", got)
	}
	if got := len(a.ticks()); got != 5 {
		t.Errorf("%d ticks, want 5: %v", got, a.ticks())
	}
	for v, want := range map[float64]string{1: "p0", 2: "p50", 10: "p90", 1000: "p99.9"} {
		if got := percentile(v); got != want {
			t.Errorf("1 in %v is %s, want %s", v, got, want)
		}
	}
}
