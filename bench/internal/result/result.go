// Package result is what a run of the benchmark program measured, as it is
// written to JSON, and the statistics that every report draws from it. Nothing
// in here measures anything, so that all of it can be tested with recorded
// data.
package result

import (
	"encoding/json"
	"fmt"
	"io"
	"time"
)

// Run is one run of the program.
type Run struct {
	Command   string     `json:"command"`
	Full      bool       `json:"full,omitempty"`
	Started   time.Time  `json:"started"`
	Seconds   float64    `json:"seconds"`
	Machine   Machine    `json:"machine"`
	Warnings  []string   `json:"warnings,omitempty"`
	Workloads []Workload `json:"workloads"`
	Sizes     []Size     `json:"sizes,omitempty"`
}

// Machine is where the run took place.
type Machine struct {
	CPU        string   `json:"cpu"`
	OS         string   `json:"os"`
	Arch       string   `json:"arch"`
	CPUs       int      `json:"cpus"`
	GOMAXPROCS int      `json:"gomaxprocs"`
	Pinned     []int    `json:"pinned,omitempty"` // the two CPUs of pinned rounds; none where the OS does not pin
	Go         string   `json:"go"`
	Backend    string   `json:"backend"`
	Features   []string `json:"features,omitempty"`
	Hypervisor bool     `json:"hypervisor"`
}

// Workload is one task that several contenders did.
type Workload struct {
	Suite string `json:"suite"`
	Name  string `json:"name"`
	// Series and X say where the workload stands in a plot over a parameter,
	// such as the capacity.
	Series string  `json:"series,omitempty"`
	X      float64 `json:"x,omitempty"`
	// Baseline is the contender that the printed ratios are to.
	Baseline string `json:"baseline,omitempty"`
	// Cores says that two cores took part, so that the distance between them
	// matters and results are given by Class.
	Cores bool `json:"cores,omitempty"`
	// LatencyOnly says that the rate was fixed, so that the time per operation
	// tells nothing.
	LatencyOnly bool        `json:"latency_only,omitempty"`
	Contenders  []Contender `json:"contenders"`
}

// ID is how targets and reports name the workload.
func (w *Workload) ID() string { return w.Suite + "/" + w.Name }

// Contender is what one contender needed.
type Contender struct {
	Name    string    `json:"name"`
	Samples []Sample  `json:"samples"`
	Latency []Latency `json:"latency,omitempty"`
}

// Sample is one contender in one round.
type Sample struct {
	Round int     `json:"round"`
	Ns    float64 `json:"ns"`    // per operation
	Raw   float64 `json:"raw"`   // raw core-to-core round trip just before, ns
	After float64 `json:"after"` // and just after
	// Disturbed says that another process kept one of the threads waiting.
	Disturbed bool `json:"disturbed,omitempty"`
}

// Latency is the distribution of single operations, all rounds of a class
// together.
type Latency struct {
	Class Class   `json:"class"`
	Count int64   `json:"count"`
	P50   float64 `json:"p50"`
	P90   float64 `json:"p90"`
	P99   float64 `json:"p99"`
	P999  float64 `json:"p99.9"`
	Max   float64 `json:"max"`
	// Curve is the whole distribution: pairs of quantile and ns.
	Curve [][2]float64 `json:"curve,omitempty"`
}

// Size is a number of bytes that a thing takes.
type Size struct {
	Group string  `json:"group"`
	Name  string  `json:"name"`
	Bytes float64 `json:"bytes"`
}

// Write writes r as JSON.
func (r *Run) Write(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", " ")
	return e.Encode(r)
}

// Read reads what Write wrote.
func Read(rd io.Reader) (*Run, error) {
	var r Run
	if err := json.NewDecoder(rd).Decode(&r); err != nil {
		return nil, fmt.Errorf("not the JSON of a benchmark run: %w", err)
	}
	return &r, nil
}

// Workload returns the workload with that ID, or nil.
func (r *Run) Workload(id string) *Workload {
	for i := range r.Workloads {
		if r.Workloads[i].ID() == id {
			return &r.Workloads[i]
		}
	}
	return nil
}

// Contender returns the contender with that name, or nil.
func (w *Workload) Contender(name string) *Contender {
	for i := range w.Contenders {
		if w.Contenders[i].Name == name {
			return &w.Contenders[i]
		}
	}
	return nil
}
