package result

import (
	"math"
	"slices"
)

// Class is how far apart the two cores were. The hypervisor may move virtual
// CPUs between rounds, and the same code then differs by a factor of five: only
// rounds of one class can be compared.
type Class string

const (
	Siblings   Class = "siblings"   // two threads of one core: below 100 ns
	Neighbours Class = "neighbours" // cores that share a cache: below 300 ns
	Far        Class = "far"
	All        Class = "all" // the distance does not matter

	// Rounds of these count for nothing.
	Moved     Class = "moved"     // the distance changed meanwhile
	Disturbed Class = "disturbed" // another process took a CPU meanwhile
)

// Classes are those that results are given in, nearest first.
var Classes = []Class{Siblings, Neighbours, Far, All}

// ClassOf returns the class of a raw round trip in ns.
func ClassOf(raw float64) Class {
	switch {
	case raw < 100:
		return Siblings
	case raw < 300:
		return Neighbours
	default:
		return Far
	}
}

// ClassIn returns the class of s, from a workload in which two cores took part
// or not.
func ClassIn(s Sample, cores bool) Class {
	c := ClassOf(s.Raw)
	switch {
	case s.Disturbed:
		return Disturbed
	case !cores:
		return All
	case ClassOf(s.After) != c:
		return Moved
	}
	return c
}

// RawMean is the raw round trip that s is held against.
func (s Sample) RawMean() float64 { return (s.Raw + s.After) / 2 }

// In returns the samples of c that belong to a class of the workload w.
func (w *Workload) In(c *Contender, class Class) []Sample {
	if c == nil {
		return nil
	}
	var in []Sample
	for _, s := range c.Samples {
		if ClassIn(s, w.Cores) == class {
			in = append(in, s)
		}
	}
	return in
}

// Seen returns the classes that rounds of w were in, nearest first.
func (w *Workload) Seen() []Class {
	var seen []Class
	for _, class := range Classes {
		if slices.ContainsFunc(w.Contenders, func(c Contender) bool { return len(w.In(&c, class)) > 0 }) {
			seen = append(seen, class)
		}
	}
	return seen
}

// Quantile returns the q-quantile of xs, interpolated; NaN if there are none.
func Quantile(xs []float64, q float64) float64 {
	if len(xs) == 0 {
		return math.NaN()
	}
	xs = slices.Sorted(slices.Values(xs))
	at := q * float64(len(xs)-1)
	i := int(at)
	if i+1 == len(xs) {
		return xs[i]
	}
	return xs[i] + (xs[i+1]-xs[i])*(at-float64(i))
}

// Median returns the median of xs; NaN if there are none.
func Median(xs []float64) float64 { return Quantile(xs, 0.5) }

// Summary is the middle of some samples and how far they spread.
type Summary struct {
	N                 int
	Median, Low, High float64 // Low and High are the quartiles
	PerRaw            float64 // median of ns over the raw round trip of the same round
}

// Summarize returns the summary of a contender in a class.
func (w *Workload) Summarize(c *Contender, class Class) Summary {
	var ns, per []float64
	for _, s := range w.In(c, class) {
		ns = append(ns, s.Ns)
		per = append(per, s.Ns/s.RawMean())
	}
	return Summary{len(ns), Median(ns), Quantile(ns, 0.25), Quantile(ns, 0.75), Median(per)}
}

// apart is how many rounds may lie between two that are held against each other.
const apart = 2

// Ratio returns the time of c over the time of base, and how many rounds it
// rests on. It is the median over the rounds of c in that class, each held against
// the same round of base or, where that does not count, against one close to it
// that no other is held against. base may be from another workload.
func Ratio(w *Workload, c *Contender, wb *Workload, base *Contender, class Class) (float64, int) {
	of := map[int]float64{}
	for _, s := range wb.In(base, class) {
		of[s.Round] = s.Ns
	}
	left := w.In(c, class)
	var ratios []float64
	for d := range apart + 1 {
		left = slices.DeleteFunc(left, func(s Sample) bool {
			for _, round := range []int{s.Round - d, s.Round + d} {
				if b, ok := of[round]; ok {
					ratios = append(ratios, s.Ns/b)
					delete(of, round)
					return true
				}
			}
			return false
		})
	}
	return Median(ratios), len(ratios)
}
