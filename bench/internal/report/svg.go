package report

import (
	"fmt"
	"html/template"
	"math"
	"strconv"
	"strings"
)

// Charts are as narrow as a telephone's page, so that their text stays legible
// there; a wider page puts them side by side. Their colours are classes of the
// page, which has them for light and dark.
const chartWidth = 480

// colours is how many the page has.
const colours = 10

// palette gives each contender of a suite a colour that it keeps.
type palette map[string]int

func (p palette) of(name string) int {
	if _, ok := p[name]; !ok {
		p[name] = len(p) % colours
	}
	return p[name]
}

// bar is one bar of a chart, with its quartiles.
type bar struct {
	name           string
	value, low, up float64
	colour         int
}

// curve is one line of a plot.
type curve struct {
	name   string
	points [][2]float64
	colour int
}

// barChart draws horizontal bars from 0, of times in ns, with the rate that each
// amounts to.
func barChart(title string, bars []bar) template.HTML {
	const row, right = 22, 130
	left, top := 60.0, 0.0
	for _, b := range bars {
		left = max(left, 16+6.3*float64(len(b.name)))
		top = max(top, b.up)
	}
	scale := (chartWidth - left - right) / max(top, 1e-9)
	var s strings.Builder
	open(&s, title, row*len(bars)+row)
	text(&s, 0, 14, "start", "faint", title)
	for i, b := range bars {
		y := row*i + row
		mid := float64(y) + row/2
		text(&s, left-8, mid+4, "end", "", b.name)
		fmt.Fprintf(&s, `<rect x="%.1f" y="%d" width="%.1f" height="%d" class="c%d"/>`, left, y+3, max(b.value*scale, 1), row-6, b.colour)
		fmt.Fprintf(&s, `<path d="M%.1f %.1fH%.1fm0 -4v8M%.1f %.1fv8" class="spread"/>`, left+b.low*scale, mid, left+b.up*scale, left+b.low*scale, mid-4)
		text(&s, left+max(b.up, b.value)*scale+6, mid+4, "start", "", number(b.value)+" ns, "+rate(b.value))
	}
	s.WriteString("</svg>")
	return template.HTML(s.String())
}

// plot is the frame of a chart of curves on logarithmic axes.
type plot struct {
	title, x string
	label    func(float64) string // names a place on the x axis
	dots     bool                 // mark the points
}

func (p plot) draw(curves []curve) template.HTML {
	const height, left, right, top, bottom = 250, 44, 14, 24, 40
	const row, columns = 18, 2 // of the legend
	x, y := axis{lo: math.Inf(1), from: left, to: chartWidth - right}, axis{lo: math.Inf(1), from: height - bottom, to: top}
	for _, c := range curves {
		for _, point := range c.points {
			x.include(point[0])
			y.include(point[1])
		}
	}
	var s strings.Builder
	open(&s, p.title, height+row*((len(curves)+columns-1)/columns))
	text(&s, 0, 14, "start", "faint", p.title)
	for _, v := range x.ticks() {
		fmt.Fprintf(&s, `<path d="M%.1f %dV%d" class="grid"/>`, x.at(v), top, height-bottom)
		anchor := "middle"
		if x.at(v) > chartWidth-24 {
			anchor = "end"
		}
		text(&s, x.at(v), height-bottom+15, anchor, "faint", p.label(v))
	}
	text(&s, (left+chartWidth-right)/2, height-bottom+31, "middle", "faint", p.x)
	for _, v := range y.ticks() {
		fmt.Fprintf(&s, `<path d="M%d %.1fH%d" class="grid"/>`, left, y.at(v), chartWidth-right)
		text(&s, left-6, y.at(v)+4, "end", "faint", plain(v))
	}
	for i, c := range curves {
		var path strings.Builder
		for j, point := range c.points {
			fmt.Fprintf(&path, "%c%.1f %.1f", "ML"[min(j, 1)], x.at(point[0]), y.at(point[1]))
		}
		fmt.Fprintf(&s, `<path d="%s" class="line c%d"><title>%s</title></path>`, &path, c.colour, template.HTMLEscapeString(c.name))
		for _, point := range c.points {
			if p.dots {
				fmt.Fprintf(&s, `<circle cx="%.1f" cy="%.1f" r="3" class="c%d"><title>%s, %s: %s</title></circle>`, x.at(point[0]), y.at(point[1]), c.colour, template.HTMLEscapeString(c.name), p.label(point[0]), plain(point[1]))
			}
		}
		lx, ly := left+i%columns*(chartWidth-left)/columns, float64(height+row*(i/columns)+4)
		fmt.Fprintf(&s, `<path d="M%d %.1fh18" class="line c%d"/>`, lx, ly, c.colour)
		text(&s, float64(lx)+24, ly+4, "start", "", c.name)
	}
	s.WriteString("</svg>")
	return template.HTML(s.String())
}

// axis maps values to places, logarithmically.
type axis struct {
	lo, hi   float64
	from, to float64
}

func (a *axis) include(v float64) {
	if v > 0 {
		a.lo, a.hi = min(a.lo, v), max(a.hi, v)
	}
}

func (a *axis) at(v float64) float64 {
	if v <= 0 || a.hi <= a.lo {
		return a.from
	}
	return a.from + (a.to-a.from)*math.Log(v/a.lo)/math.Log(a.hi/a.lo)
}

// ticks returns the powers of ten in range; if those are few, their double and
// fivefold too.
func (a *axis) ticks() []float64 {
	if a.hi <= 0 || math.IsInf(a.lo, 0) {
		return nil
	}
	steps := []float64{1}
	if a.hi/a.lo < 200 {
		steps = []float64{1, 2, 5}
	}
	var ts []float64
	for e := math.Floor(math.Log10(a.lo)); e <= math.Ceil(math.Log10(a.hi)); e++ {
		for _, s := range steps {
			if v := s * math.Pow(10, e); v >= a.lo*0.999 && v <= a.hi*1.001 {
				ts = append(ts, v)
			}
		}
	}
	return ts
}

// plain is a number in three digits with a unit prefix.
func plain(v float64) string {
	switch {
	case v >= 999.5e6:
		return strconv.FormatFloat(v/1e9, 'g', 3, 64) + "G"
	case v >= 999.5e3:
		return strconv.FormatFloat(v/1e6, 'g', 3, 64) + "M"
	case v >= 999.5:
		return strconv.FormatFloat(v/1e3, 'g', 3, 64) + "k"
	}
	return strconv.FormatFloat(v, 'g', 3, 64)
}

// rate is how many operations of so many ns there are in a second.
func rate(ns float64) string {
	n := plain(1e9 / ns)
	if last := len(n) - 1; n[last] > '9' {
		return n[:last] + " " + n[last:] + "/s"
	}
	return n + "/s"
}

// percentile labels the axis that tail maps to.
func percentile(v float64) string {
	return "p" + strconv.FormatFloat(100-100/v, 'g', 8, 64)
}

func open(s *strings.Builder, title string, height int) {
	fmt.Fprintf(s, `<svg viewBox="0 0 %d %d" role="img" aria-label="%s">`, chartWidth, height, template.HTMLEscapeString(title))
}

func text(s *strings.Builder, x, y float64, anchor, class, t string) {
	fmt.Fprintf(s, `<text x="%.1f" y="%.1f" text-anchor="%s" class="%s">%s</text>`, x, y, anchor, class, template.HTMLEscapeString(t))
}
