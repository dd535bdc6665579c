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
		Name    string
		Parts   []*pagePart
		palette palette
	}
	// pagePart is a workload, or those that differ in a parameter alone.
	pagePart struct {
		Title  string
		Charts []template.HTML
		Text   string

		workloads []*result.Workload
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
		LeftOut  string
		Colours  []struct{}
		Verdicts []result.Verdict
		Suites   []*pageSuite
		Sizes    []pageSizes
	}{Run: r, Rounds: rounds(r), LeftOut: leftOut, Colours: make([]struct{}, colours), Suites: suites(r)}
	for _, t := range targets {
		data.Verdicts = append(data.Verdicts, t.Check(r)...)
	}
	for _, s := range data.Suites {
		for _, p := range s.Parts {
			p.draw(s.palette)
		}
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

// suites sorts the workloads of a run.
func suites(r *result.Run) []*pageSuite {
	var all []*pageSuite
	for i := range r.Workloads {
		wl := &r.Workloads[i]
		at := slices.IndexFunc(all, func(s *pageSuite) bool { return s.Name == wl.Suite })
		if at < 0 {
			at = len(all)
			all = append(all, &pageSuite{Name: wl.Suite, palette: palette{}})
		}
		s := all[at]
		for _, c := range wl.Contenders {
			s.palette.of(c.Name) // in order, whatever is drawn first
		}
		title := wl.Name
		if wl.Series != "" {
			title = "by " + wl.Series
		}
		at = slices.IndexFunc(s.Parts, func(p *pagePart) bool { return p.Title == title })
		if at < 0 {
			at = len(s.Parts)
			s.Parts = append(s.Parts, &pagePart{Title: title})
		}
		s.Parts[at].workloads = append(s.Parts[at].workloads, wl)
	}
	return all
}

// draw makes the charts of each class: over the parameter if there is one, and of
// each workload bars or, if latencies were taken, their curves.
func (p *pagePart) draw(colour palette) {
	series := p.workloads[0].Series
	for _, class := range result.Classes {
		suffix := ""
		if class != result.All {
			suffix = ", " + string(class)
		}
		if series != "" {
			for _, m := range measures {
				if curves := over(p.workloads, class, m.of, colour); curves != nil {
					p.Charts = append(p.Charts, plot{m.name + " in ns" + suffix, series, plain, true}.draw(curves))
				}
			}
		}
		for _, wl := range p.workloads {
			if curves := latencies(wl, class, colour); curves != nil {
				title := "latency in ns" + suffix
				if series != "" {
					title += ", " + wl.Name
				}
				p.Charts = append(p.Charts, plot{title, "percentile", percentile, false}.draw(curves))
			} else if bars := medians(wl, class, colour); bars != nil && series == "" {
				p.Charts = append(p.Charts, barChart("time per operation"+suffix, bars))
			}
		}
	}
	var text strings.Builder
	for _, wl := range p.workloads {
		table(&text, wl)
	}
	p.Text = text.String()
}

// medians returns the contenders' times.
func medians(wl *result.Workload, class result.Class, colour palette) []bar {
	var bars []bar
	for i := range wl.Contenders {
		c := &wl.Contenders[i]
		if s := wl.Summarize(c, class); s.N > 0 {
			bars = append(bars, bar{c.Name, s.Median, s.Low, s.High, colour.of(c.Name)})
		}
	}
	return bars
}

// latencies returns the contenders' distributions, if there are any.
func latencies(wl *result.Workload, class result.Class, colour palette) []curve {
	var curves []curve
	for _, c := range wl.Contenders {
		for _, l := range c.Latency {
			if l.Class == class {
				curves = append(curves, curve{c.Name, tail(l.Curve), colour.of(c.Name)})
			}
		}
	}
	return curves
}

// tail maps quantiles to 1/(1-q): 1 at 0, 10 at 0.9, 100 at 0.99 and so on, which
// a logarithmic axis shows evenly.
func tail(points [][2]float64) [][2]float64 {
	var out [][2]float64
	for _, p := range points {
		if q := p[0]; q < 1 {
			out = append(out, [2]float64{1 / (1 - q), p[1]})
		}
	}
	return out
}

type measure func(*result.Workload, *result.Contender, result.Class) (float64, bool)

// measures are what a series shows of each workload, if it has that.
var measures = []struct {
	name string
	of   measure
}{
	{"time per operation", func(w *result.Workload, c *result.Contender, class result.Class) (float64, bool) {
		s := w.Summarize(c, class)
		return s.Median, s.N > 0 && !w.LatencyOnly
	}},
	{"p50 latency", percentileOf(func(l result.Latency) float64 { return l.P50 })},
	{"p99 latency", percentileOf(func(l result.Latency) float64 { return l.P99 })},
	{"p99.9 latency", percentileOf(func(l result.Latency) float64 { return l.P999 })},
}

func percentileOf(p func(result.Latency) float64) measure {
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
func over(workloads []*result.Workload, class result.Class, of measure, colour palette) []curve {
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
				curves = append(curves, curve{name: c.Name, colour: colour.of(c.Name)})
			}
			curves[at].points = append(curves[at].points, [2]float64{wl.X, y})
		}
	}
	return curves
}
