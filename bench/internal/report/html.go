package report

import (
	_ "embed"
	"html/template"
	"io"
	"slices"
	"strings"

	"github.com/litesync/litesync/bench/internal/result"
)

//go:embed page.html
var pageText string

var page = template.Must(template.New("page").Parse(pageText))

// The page's view of a run.
type (
	pageSuite struct {
		Name      string
		Series    []pageSeries
		Workloads []pageWorkload
	}
	pageSeries struct {
		Title  string
		Charts []template.HTML
		Text   string

		workloads []*result.Workload
	}
	pageWorkload struct {
		Title  string
		Charts []template.HTML
		Text   string
	}
	pageSizes struct {
		Name string
		Rows []result.Size
	}
)

// HTML writes a page with plots that needs nothing else: no network, no script.
func HTML(w io.Writer, r *result.Run, targets []result.Target) error {
	data := struct {
		*result.Run
		Rounds   string
		Verdicts []result.Verdict
		Suites   []pageSuite
		Sizes    []pageSizes
	}{Run: r, Rounds: rounds(r)}
	for _, t := range targets {
		data.Verdicts = append(data.Verdicts, t.Check(r)...)
	}
	for i := range r.Workloads {
		wl := &r.Workloads[i]
		if n := len(data.Suites); n == 0 || data.Suites[n-1].Name != wl.Suite {
			data.Suites = append(data.Suites, pageSuite{Name: wl.Suite})
		}
		s := &data.Suites[len(data.Suites)-1]
		if wl.Series == "" {
			s.Workloads = append(s.Workloads, workload(wl))
		}
	}
	for i := range data.Suites {
		data.Suites[i].Series = series(r, data.Suites[i].Name)
	}
	for _, size := range r.Sizes {
		if n := len(data.Sizes); n == 0 || data.Sizes[n-1].Name != size.Group {
			data.Sizes = append(data.Sizes, pageSizes{Name: size.Group})
		}
		g := &data.Sizes[len(data.Sizes)-1]
		g.Rows = append(g.Rows, size)
	}
	return page.Execute(w, data)
}

// workload draws bars, and curves if latencies were taken, for each class.
func workload(wl *result.Workload) pageWorkload {
	p := pageWorkload{Title: wl.Name}
	for _, class := range result.Classes {
		var bars []bar
		var curves []curve
		for i := range wl.Contenders {
			c := &wl.Contenders[i]
			if s := wl.Summarize(c, class); s.N > 0 {
				bars = append(bars, bar{c.Name, s.Median, s.Low, s.High})
			}
			for _, l := range c.Latency {
				if l.Class == class {
					curves = append(curves, curve{c.Name, tail(l.Curve)})
				}
			}
		}
		title := "ns"
		if class != result.All {
			title += ", " + string(class)
		}
		if curves != nil {
			p.Charts = append(p.Charts, lines("latency in "+title+", by percentile", curves, percentile))
		} else if bars != nil {
			p.Charts = append(p.Charts, barChart(title, bars))
		}
	}
	var text strings.Builder
	table(&text, wl)
	p.Text = text.String()
	return p
}

// tail maps quantiles to the number of nines times ten: 0 at 0, 10 at 0.9, 100
// at 0.99 and so on, which a logarithmic axis shows evenly.
func tail(points [][2]float64) [][2]float64 {
	var out [][2]float64
	for _, p := range points {
		if q := p[0]; q < 1 {
			out = append(out, [2]float64{1 / (1 - q), p[1]})
		}
	}
	return out
}

// series draws the workloads of a suite that differ in a parameter, for each
// class: the medians, or if latencies were taken, two percentiles.
func series(r *result.Run, suite string) []pageSeries {
	var all []pageSeries
	for i := range r.Workloads {
		wl := &r.Workloads[i]
		if wl.Suite != suite || wl.Series == "" {
			continue
		}
		at := slices.IndexFunc(all, func(s pageSeries) bool { return s.Title == "by "+wl.Series })
		if at < 0 {
			at = len(all)
			all = append(all, pageSeries{Title: "by " + wl.Series})
		}
		var text strings.Builder
		table(&text, wl)
		all[at].Text += text.String()
		all[at].workloads = append(all[at].workloads, wl)
	}
	for i := range all {
		s := &all[i]
		for _, class := range result.Classes {
			for _, m := range measures {
				if curves := over(s.workloads, class, m.of); curves != nil {
					s.Charts = append(s.Charts, lines(m.name+"ns, "+string(class)+", "+s.Title, curves, plain))
				}
			}
		}
	}
	return all
}

// measures are what a series shows of each workload, if it has that.
var measures = []struct {
	name string
	of   func(*result.Workload, *result.Contender, result.Class) (float64, bool)
}{
	{"", func(w *result.Workload, c *result.Contender, class result.Class) (float64, bool) {
		s := w.Summarize(c, class)
		return s.Median, s.N > 0 && !w.LatencyOnly
	}},
	{"p50 latency, ", percentileOf(func(l result.Latency) float64 { return l.P50 })},
	{"p99 latency, ", percentileOf(func(l result.Latency) float64 { return l.P99 })},
	{"p99.9 latency, ", percentileOf(func(l result.Latency) float64 { return l.P999 })},
}

func percentileOf(p func(result.Latency) float64) func(*result.Workload, *result.Contender, result.Class) (float64, bool) {
	return func(_ *result.Workload, c *result.Contender, class result.Class) (float64, bool) {
		for _, l := range c.Latency {
			if l.Class == class {
				return p(l), true
			}
		}
		return 0, false
	}
}

// over collects a measure of each contender over a series.
func over(workloads []*result.Workload, class result.Class, of func(*result.Workload, *result.Contender, result.Class) (float64, bool)) []curve {
	var curves []curve
	for _, wl := range workloads {
		for i := range wl.Contenders {
			c := &wl.Contenders[i]
			y, ok := of(wl, c, class)
			if !ok {
				continue
			}
			at := slices.IndexFunc(curves, func(k curve) bool { return k.name == c.Name })
			if at < 0 {
				at = len(curves)
				curves = append(curves, curve{name: c.Name})
			}
			curves[at].points = append(curves[at].points, [2]float64{wl.X, y})
		}
	}
	return curves
}
