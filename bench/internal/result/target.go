package result

import (
	"fmt"
	"slices"
)

// Raw as a Target's baseline is the raw core-to-core round trip.
const Raw = "raw round trip"

// Target is a claim about a ratio, checked against what was measured.
type Target struct {
	Workload  string // ID
	Contender string
	// Baseline is a contender of the same workload or Raw; empty: Limit is in ns.
	Baseline string
	Class    Class // empty: every class that was measured
	// Faster: the baseline's time over the contender's is at least Limit.
	// Otherwise: the contender's time over the baseline's is at most Limit.
	Faster bool
	Limit  float64
	// Full says that a quick run has too few rounds to tell.
	Full bool
}

// Enough is how many rounds a ratio must rest on.
const Enough = 5

// Verdict is a target held against a run.
type Verdict struct {
	Target
	Class   Class
	Value   float64 // NaN: no round of that class
	Rounds  int
	Reached bool
}

// Found says what was measured, if anything was.
func (v Verdict) Found() string {
	switch v.Rounds {
	case 0:
		return ""
	case 1:
		return fmt.Sprintf("%.3g in 1 round", v.Value)
	}
	return fmt.Sprintf("%.3g in %d rounds", v.Value, v.Rounds)
}

// Check holds the target against r, in each class it speaks of; where that is
// every one and some have enough rounds, in those. It returns nothing if the run
// left the workload out or was too short.
func (t Target) Check(r *Run) []Verdict {
	w := r.Workload(t.Workload)
	if w == nil || t.Full && !r.Full {
		return nil
	}
	classes := []Class{t.Class}
	if t.Class == "" {
		classes = Classes
	}
	var vs []Verdict
	for _, class := range classes {
		v := Verdict{Target: t, Class: class}
		c := w.Contender(t.Contender)
		switch t.Baseline {
		case "":
			s := w.Summarize(c, class)
			v.Value, v.Rounds = s.Median, s.N
		case Raw:
			s := w.Summarize(c, class)
			v.Value, v.Rounds = s.PerRaw, s.N
		default:
			v.Value, v.Rounds = Ratio(w, c, w, w.Contender(t.Baseline), class)
		}
		if t.Faster {
			v.Value = 1 / v.Value
			v.Reached = v.Value >= t.Limit
		} else {
			v.Reached = v.Value <= t.Limit
		}
		if v.Rounds > 0 || t.Class != "" {
			vs = append(vs, v)
		}
	}
	enough := func(v Verdict) bool { return v.Rounds >= Enough }
	if t.Class == "" && slices.ContainsFunc(vs, enough) {
		vs = slices.DeleteFunc(vs, func(v Verdict) bool { return !enough(v) })
	}
	return vs
}

// String says what the target demands.
func (v Verdict) String() string {
	class := ""
	if v.Class != All {
		class = ", " + string(v.Class)
	}
	base := v.Baseline
	switch {
	case base == "":
		return fmt.Sprintf("%s: %s at most %g ns%s", v.Workload, v.Contender, v.Limit, class)
	case v.Faster:
		return fmt.Sprintf("%s: %s at least %g times as fast as %s%s", v.Workload, v.Contender, v.Limit, base, class)
	default:
		return fmt.Sprintf("%s: %s at most %g of %s%s", v.Workload, v.Contender, v.Limit, base, class)
	}
}

// Outcome says what came of it.
func (v Verdict) Outcome() string {
	switch {
	case v.Rounds == 0:
		return "no round in this class"
	case v.Rounds < Enough:
		return "too few rounds"
	case v.Reached:
		return "reached"
	default:
		return "MISSED"
	}
}
