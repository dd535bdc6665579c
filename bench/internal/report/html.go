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
		Series    []pageChart
		Workloads []pageWorkload
	}
	pageChart struct {
		Title string
		Chart template.HTML
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

// series draws the workloads of a suite that differ in a parameter, one chart
// for each parameter and class.
func series(r *result.Run, suite string) []pageChart {
	var names []string
	for _, wl := range r.Workloads {
		if wl.Suite == suite && wl.Series != "" && !slices.Contains(names, wl.Series) {
			names = append(names, wl.Series)
		}
	}
	var charts []pageChart
	for _, name := range names {
		for _, class := range result.Classes {
			if curves := over(r, suite, name, class); curves != nil {
				charts = append(charts, pageChart{"by " + name, lines("ns, "+string(class)+", by "+name, curves, plain)})
			}
		}
	}
	return charts
}

// over collects the medians of each contender over a series.
func over(r *result.Run, suite, name string, class result.Class) []curve {
	var curves []curve
	for i := range r.Workloads {
		wl := &r.Workloads[i]
		if wl.Suite != suite || wl.Series != name {
			continue
		}
		for j := range wl.Contenders {
			c := &wl.Contenders[j]
			s := wl.Summarize(c, class)
			if s.N == 0 {
				continue
			}
			at := slices.IndexFunc(curves, func(k curve) bool { return k.name == c.Name })
			if at < 0 {
				at = len(curves)
				curves = append(curves, curve{name: c.Name})
			}
			curves[at].points = append(curves[at].points, [2]float64{wl.X, s.Median})
		}
	}
	return curves
}
