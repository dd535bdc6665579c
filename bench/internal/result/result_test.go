package result

import (
	"bytes"
	"math"
	"os"
	"reflect"
	"strings"
	"testing"
)

func TestClass(t *testing.T) {
	for _, c := range []struct {
		raw, after float64
		want       Class
	}{
		{48, 52, Siblings}, {99.9, 99.9, Siblings}, {100, 100, Neighbours}, {148, 299, Neighbours},
		{300, 300, Far}, {519, 871, Far}, {148, 519, Moved}, {99, 100, Moved},
	} {
		if got := ClassIn(Sample{Raw: c.raw, After: c.after}, true); got != c.want {
			t.Errorf("round trips of %v and %v ns: %s, want %s", c.raw, c.after, got, c.want)
		}
	}
}

func TestDisturbedCountsForNothing(t *testing.T) {
	for _, cores := range []bool{true, false} {
		if got := ClassIn(Sample{Raw: 150, After: 150, Disturbed: true}, cores); got != Disturbed {
			t.Errorf("class %s, want %s", got, Disturbed)
		}
	}
}

func TestQuantile(t *testing.T) {
	xs := []float64{5, 1, 4, 2, 3}
	for q, want := range map[float64]float64{0: 1, 0.25: 2, 0.5: 3, 0.625: 3.5, 1: 5} {
		if got := Quantile(xs, q); got != want {
			t.Errorf("quantile %v is %v, want %v", q, got, want)
		}
	}
	if !reflect.DeepEqual(xs, []float64{5, 1, 4, 2, 3}) {
		t.Error("Quantile changed its argument")
	}
	if !math.IsNaN(Median(nil)) {
		t.Error("the median of nothing is a number")
	}
}

func at(round int, ns, raw, after float64) Sample {
	return Sample{Round: round, Ns: ns, Raw: raw, After: after}
}

// two is a workload of two contenders, in which a takes half the time of b
// within a class, but the cores were far apart when only a ran.
func two() *Workload {
	return &Workload{Suite: "s", Name: "w", Baseline: "b", Cores: true, Contenders: []Contender{
		{Name: "a", Samples: []Sample{at(0, 10, 150, 150), at(1, 50, 500, 500), at(2, 50, 500, 500), at(3, 51, 510, 510), at(4, 12, 150, 600)}},
		{Name: "b", Samples: []Sample{at(0, 20, 150, 150), at(1, 22, 150, 150), at(2, 100, 500, 500), at(3, 102, 510, 510), at(4, 20, 150, 150)}},
	}}
}

func TestRatioPairsRoundsOfOneClass(t *testing.T) {
	w := two()
	for _, c := range []struct {
		class Class
		ratio float64
		n     int
	}{{Neighbours, 0.5, 1}, {Far, 0.5, 2}, {Siblings, math.NaN(), 0}, {All, math.NaN(), 0}} {
		ratio, n := Ratio(w, w.Contender("a"), w, w.Contender("b"), c.class)
		if n != c.n || (ratio != c.ratio && n > 0) {
			t.Errorf("%s: ratio %v of %d rounds, want %v of %d", c.class, ratio, n, c.ratio, c.n)
		}
	}
}

// Where a round was left out, one close to it takes its place, once.
func TestRatioOfCloseRounds(t *testing.T) {
	of := func(ns float64, rounds ...int) (c Contender) {
		for _, r := range rounds {
			c.Samples = append(c.Samples, at(r, ns*float64(r+1), 150, 150))
		}
		return c
	}
	for _, c := range []struct {
		a, b  []int
		ratio float64
		n     int
	}{
		{[]int{9}, []int{9, 8, 10}, 10. / 20, 1},
		{[]int{9}, []int{7}, 10. / 16, 1},
		{[]int{9}, []int{6, 12}, math.NaN(), 0},
		{[]int{8, 9}, []int{9}, 10. / 20, 1},
		{[]int{8, 9}, []int{9, 10}, (9./22 + 10./20) / 2, 2},
	} {
		a, b := of(1, c.a...), of(2, c.b...)
		w := &Workload{Cores: true}
		ratio, n := Ratio(w, &a, w, &b, Neighbours)
		if n != c.n || n > 0 && math.Abs(ratio-c.ratio) > 1e-9 {
			t.Errorf("rounds %v over %v: %v of %d, want %v of %d", c.a, c.b, ratio, n, c.ratio, c.n)
		}
	}
}

func TestSummary(t *testing.T) {
	w := two()
	if got, want := w.Summarize(w.Contender("a"), Far), (Summary{3, 50, 50, 50.5, 0.1}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	w.Cores = false
	if got := w.Summarize(w.Contender("a"), All).N; got != 5 {
		t.Errorf("without cores %d rounds count, want all 5", got)
	}
}

func TestTarget(t *testing.T) {
	w := two()
	for i := range w.Contenders {
		c := &w.Contenders[i]
		// The two rounds in which both were far apart are six then, and the one
		// in which both were near is three.
		for _, s := range c.Samples[:5] {
			for k := 1; k < 3; k++ {
				s.Round += 5
				c.Samples = append(c.Samples, s)
			}
		}
	}
	r := &Run{Workloads: []Workload{*w}}
	for _, c := range []struct {
		target Target
		want   []string
	}{
		{Target{Workload: "s/w", Contender: "a", Baseline: "b", Class: Far, Faster: true, Limit: 2}, []string{"reached"}},
		{Target{Workload: "s/w", Contender: "a", Baseline: "b", Class: Far, Faster: true, Limit: 2.1}, []string{"MISSED"}},
		{Target{Workload: "s/w", Contender: "a", Baseline: "b", Class: Siblings, Limit: 1}, []string{"no round in this class"}},
		{Target{Workload: "s/w", Contender: "a", Baseline: "b", Limit: 0.5}, []string{"reached"}},
		{Target{Workload: "s/w", Contender: "a", Baseline: "b", Class: Neighbours, Limit: 0.5}, []string{"too few rounds"}},
		{Target{Workload: "s/w", Contender: "a", Baseline: Raw, Class: Far, Limit: 0.09}, []string{"MISSED"}},
		{Target{Workload: "s/w", Contender: "a", Class: Far, Limit: 50}, []string{"reached"}},
		{Target{Workload: "s/left out", Contender: "a"}, nil},
		{Target{Workload: "s/w", Contender: "a", Baseline: "b", Class: Far, Limit: 1, Full: true}, nil},
	} {
		var got []string
		for _, v := range c.target.Check(r) {
			got = append(got, v.Outcome())
		}
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%+v: %q, want %q", c.target, got, c.want)
		}
	}
}

func TestJSON(t *testing.T) {
	r := &Run{Command: "bench", Workloads: []Workload{*two()}}
	var buf bytes.Buffer
	if err := r.Write(&buf); err != nil {
		t.Fatal(err)
	}
	got, err := Read(&buf)
	if err != nil || !reflect.DeepEqual(got, r) {
		t.Errorf("read back %+v, %v", got, err)
	}
	if _, err := Read(strings.NewReader("{")); err == nil {
		t.Error("half an object was read without an error")
	}
}

// Two contenders that are the same code were recorded in a full run of the
// suite "same", on a machine that others used too. Their medians differ by less
// than 5 %.
func TestSameCodeSameResult(t *testing.T) {
	f, err := os.Open("testdata/same.json")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := Read(f)
	if err != nil {
		t.Fatal(err)
	}
	judged := 0
	for i := range r.Workloads {
		w := &r.Workloads[i]
		for _, class := range Classes {
			a, b := w.Summarize(&w.Contenders[0], class), w.Summarize(&w.Contenders[1], class)
			ratio, n := Ratio(w, &w.Contenders[0], w, &w.Contenders[1], class)
			if n == 0 {
				continue
			}
			judged++
			if d := math.Abs(a.Median/b.Median - 1); d >= 0.05 {
				t.Errorf("%s, %s: medians %v and %v differ by %.1f %%", w.ID(), class, a.Median, b.Median, 100*d)
			}
			if math.Abs(ratio-1) >= 0.05 {
				t.Errorf("%s, %s: the ratio is %v", w.ID(), class, ratio)
			}
		}
	}
	if judged < len(r.Workloads) {
		t.Errorf("%d comparisons for %d workloads", judged, len(r.Workloads))
	}
}
