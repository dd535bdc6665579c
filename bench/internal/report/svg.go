package report

import (
	"fmt"
	"html/template"
	"math"
	"strconv"
	"strings"
)

// bar is one bar of a chart, with its quartiles.
type bar struct {
	name           string
	value, low, up float64
}

// curve is one line of a plot.
type curve struct {
	name   string
	points [][2]float64
}

// colours can be told apart with every common kind of colour blindness (Okabe
// and Ito).
var colours = []string{"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#555555", "#8c510a", "#762a83"}

func colour(i int) string { return colours[i%len(colours)] }

const chartWidth = 900

// barChart draws horizontal bars from 0.
func barChart(title string, bars []bar) template.HTML {
	const row, left, right = 24, 220, 80
	top := 0.0
	for _, b := range bars {
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
		fmt.Fprintf(&s, `<rect x="%d" y="%d" width="%.1f" height="%d" fill="%s"><title>%s: %s</title></rect>`, left, y+4, max(b.value*scale, 1), row-8, colour(i), template.HTMLEscapeString(b.name), number(b.value))
		fmt.Fprintf(&s, `<path d="M%.1f %.1fH%.1f" stroke="#1c1e21" stroke-width="1.5"/>`, left+b.low*scale, mid, left+b.up*scale)
		text(&s, left+b.up*scale+6, mid+4, "start", "", number(b.value))
	}
	s.WriteString("</svg>")
	return template.HTML(s.String())
}

// lines plots curves on logarithmic axes. label names a place on the x axis.
func lines(title string, curves []curve, label func(float64) string) template.HTML {
	const height, left, right, top, bottom = 340, 60, 200, 28, 30
	x, y := axis{lo: math.Inf(1), from: left, to: chartWidth - right}, axis{lo: math.Inf(1), from: height - bottom, to: top}
	for _, c := range curves {
		for _, p := range c.points {
			x.include(p[0])
			y.include(p[1])
		}
	}
	var s strings.Builder
	open(&s, title, height)
	text(&s, 0, 14, "start", "faint", title)
	for _, v := range x.ticks() {
		fmt.Fprintf(&s, `<path d="M%.1f %dV%d" stroke="#e4e6ea"/>`, x.at(v), top, height-bottom)
		text(&s, x.at(v), height-bottom+16, "middle", "faint", label(v))
	}
	for _, v := range y.ticks() {
		fmt.Fprintf(&s, `<path d="M%d %.1fH%d" stroke="#e4e6ea"/>`, left, y.at(v), chartWidth-right)
		text(&s, left-6, y.at(v)+4, "end", "faint", plain(v))
	}
	for i, c := range curves {
		var path strings.Builder
		for j, p := range c.points {
			path.WriteByte("ML"[min(j, 1)])
			fmt.Fprintf(&path, "%.1f %.1f", x.at(p[0]), y.at(p[1]))
		}
		fmt.Fprintf(&s, `<path d="%s" fill="none" stroke="%s" stroke-width="2"><title>%s</title></path>`, &path, colour(i), template.HTMLEscapeString(c.name))
		ly := float64(top + 10 + 20*i)
		fmt.Fprintf(&s, `<path d="M%d %.1fh18" stroke="%s" stroke-width="3"/>`, chartWidth-right+14, ly, colour(i))
		text(&s, chartWidth-right+38, ly+4, "start", "", c.name)
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

// plain is a number with a unit prefix.
func plain(v float64) string {
	switch {
	case v >= 1e6:
		return strconv.FormatFloat(v/1e6, 'g', 4, 64) + "M"
	case v >= 1e3:
		return strconv.FormatFloat(v/1e3, 'g', 4, 64) + "k"
	}
	return strconv.FormatFloat(v, 'g', 4, 64)
}

// percentile labels the axis that tail maps to.
func percentile(v float64) string {
	return "p" + strconv.FormatFloat(100-100/v, 'g', 8, 64)
}

func open(s *strings.Builder, title string, height int) {
	fmt.Fprintf(s, `<svg viewBox="0 0 %d %d" width="%d" role="img" aria-label="%s">`, chartWidth, height, chartWidth, template.HTMLEscapeString(title))
}

func text(s *strings.Builder, x, y float64, anchor, class, t string) {
	fmt.Fprintf(s, `<text x="%.1f" y="%.1f" text-anchor="%s" class="%s">%s</text>`, x, y, anchor, class, template.HTMLEscapeString(t))
}
