// Package harness measures: it runs contenders in interleaved rounds on two
// pinned threads (or where a workload wants it, on ordinary goroutines), with
// the raw core-to-core round trip beside each.
package harness

import (
	"fmt"
	"math"
	"runtime"
	"sync"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"github.com/litesync/litesync"
	"github.com/litesync/litesync/bench/internal/result"
)

// Place is where the goroutines of a workload run.
type Place int

const (
	Pinned         Place = iota // two locked threads, each pinned to its CPU, that never sleep
	PinnedSleepers              // two locked and pinned threads that may sleep
	Alone                       // one locked and pinned thread
	Free                        // two ordinary goroutines
	OneP                        // two ordinary goroutines with GOMAXPROCS=1
)

// Work is one contender, made ready for a round. A and B are run once to warm
// up and once to be measured, each on its goroutine; they do n operations. B is
// nil where one goroutine does all. Check, if there is one, is called after each with that n.
type Work struct {
	// Prepare, if there is one, is called before A and B with their n.
	Prepare func(n int)
	A, B    func(n int)
	Check   func(n int) error
	// Close, if there is one, takes down what the round was made of.
	Close func()
	// Latency receives single latencies in ns while A runs.
	Latency *Recorder
}

// Recorder collects latencies of single operations.
type Recorder struct{ h *hdrhistogram.Histogram }

// NewRecorder returns a Recorder for 1 ns to 10 s in three digits.
func NewRecorder() *Recorder {
	nsPerTick() // Calibrating takes 5 ms, which no operation should wait for.
	return &Recorder{hdrhistogram.New(1, 10_000_000_000, 3)}
}

// Now is the start of an operation.
func (r *Recorder) Now() uint64 { return litesync.TicksOrdered() }

// Since records the time since start.
func (r *Recorder) Since(start uint64) { r.Ticks(litesync.TicksOrdered() - start) }

// Ticks records a duration in ticks.
func (r *Recorder) Ticks(t uint64) { r.Ns(int64(float64(t) * nsPerTick())) }

// Latency returns the percentiles so far.
func (r *Recorder) Latency(class result.Class) result.Latency { return latency(class, r.h) }

// Add adds what o has recorded.
func (r *Recorder) Add(o *Recorder) { r.h.Merge(o.h) }

// At returns a percentile in ns.
func (r *Recorder) At(percentile float64) float64 { return float64(r.h.ValueAtQuantile(percentile)) }

// Ns records a duration in ns. One below the range was shorter than a tick; one
// beyond it was a machine asleep, and counts as the longest.
func (r *Recorder) Ns(ns int64) {
	_ = r.h.RecordValue(min(max(ns, 1), r.h.HighestTrackableValue()))
}

var nsPerTick = sync.OnceValue(func() float64 { return 1e9 / litesync.TicksPerSecond() })

// Contender makes Work anew for each round, so that no contender keeps a lucky
// or unlucky address for the whole run.
type Contender struct {
	Name string
	Make func() Work
}

// Workload is one task and those who do it.
type Workload struct {
	Suite, Name, Series string
	X                   float64
	Baseline            string
	Place               Place
	// Step is what the number of operations in a round is a multiple of, 1 if 0.
	Step int
	// LatencyOnly says that the rate is fixed.
	LatencyOnly bool
	// Scale stretches the time that each contender has in a round, 1 if 0.
	Scale int
	// Warm is how many operations at least warm a contender up.
	Warm       int
	Contenders []Contender
}

// cores says whether the distance between the cores matters.
func (w *Workload) cores() bool { return w.Place != Alone && w.Place != OneP }

// Config is how much to measure.
type Config struct {
	Rounds int
	Each   time.Duration // per contender and round
	CPUs   [2]int
	// Progress is called before each contender's turn with the part that is
	// done, 0 to 1, and what comes now.
	Progress func(done float64, now string)
}

// entry is a contender in the middle of the run.
type entry struct {
	w     *Workload
	c     Contender
	n     int // operations in the next round
	out   result.Contender
	hists map[result.Class]*hdrhistogram.Histogram
}

// Measure runs the workloads. Rounds go through all workloads, one after the
// other, and within a workload the contenders take turns at being first: what
// drifts, drifts under all of them.
func Measure(cfg Config, workloads []Workload) ([]result.Workload, error) {
	pair, err := NewPair(cfg.CPUs)
	if err != nil {
		return nil, err
	}
	defer pair.Close()

	entries := make([][]*entry, len(workloads))
	total := 0
	for i := range workloads {
		w := &workloads[i]
		for _, c := range w.Contenders {
			entries[i] = append(entries[i], &entry{w: w, c: c, out: result.Contender{Name: c.Name}, hists: map[result.Class]*hdrhistogram.Histogram{}})
			total += cfg.Rounds + 1
		}
	}
	done := 0
	turn := func(e *entry, f func(*Pair, Config) error) error {
		cfg.Progress(float64(done)/float64(total), e.w.Suite+"/"+e.w.Name+" "+e.c.Name)
		done++
		if err := f(pair, cfg); err != nil {
			return fmt.Errorf("%s/%s: %s: %w", e.w.Suite, e.w.Name, e.c.Name, err)
		}
		return nil
	}
	for _, es := range entries {
		for _, e := range es {
			if err := turn(e, e.calibrate); err != nil {
				return nil, err
			}
		}
	}
	for round := range cfg.Rounds {
		for _, es := range entries {
			for i := range es {
				e := es[(i+round)%len(es)]
				err := turn(e, func(p *Pair, cfg Config) error { return e.measure(p, cfg, round) })
				if err != nil {
					return nil, err
				}
			}
		}
	}

	out := make([]result.Workload, len(workloads))
	for i, w := range workloads {
		out[i] = result.Workload{Suite: w.Suite, Name: w.Name, Series: w.Series, X: w.X, Baseline: w.Baseline, Cores: w.cores(), LatencyOnly: w.LatencyOnly}
		for _, e := range entries[i] {
			for _, class := range result.Classes {
				if h := e.hists[class]; h != nil {
					e.out.Latency = append(e.out.Latency, latency(class, h))
				}
			}
			out[i].Contenders = append(out[i].Contenders, e.out)
		}
	}
	return out, nil
}

// attempts is how often a turn is taken until others leave it alone. On a
// machine that is never left alone, repeats are at most half of all turns.
const attempts = 3

// patience is the part of a turn of so many ns an operation that threads may have
// waited for a CPU. A thread that never sleeps never waits for one unless others
// take it. One that sleeps waits a little whenever it wakes up; a goroutine's
// threads do that now and then, as one does that collects its own garbage. But where
// each operation wakes a thread, which takes 20 µs and more, waiting is what is measured.
func patience(place Place, ns float64) float64 {
	switch {
	case place == Pinned:
		return 0.01
	case place == PinnedSleepers && ns > 10_000:
		return math.Inf(1)
	default:
		return 0.1
	}
}

// calibrate finds how many operations take cfg.Each.
func (e *entry) calibrate(p *Pair, cfg Config) error {
	for n := max(e.w.Step, 1); ; n *= 4 {
		w := e.c.Make()
		done, took, _, err := p.Once(e.w.Place, w, n, cfg.Each)
		if w.Close != nil {
			w.Close()
		}
		if err != nil {
			return err
		}
		if took > cfg.Each/8 {
			e.aim(cfg, float64(took)/float64(done))
			return nil
		}
	}
}

// aim sets n so that the next round takes about cfg.Each, if an operation takes
// ns.
func (e *entry) aim(cfg Config, ns float64) {
	step := max(e.w.Step, 1)
	n := max(int(float64(max(e.w.Scale, 1))*float64(cfg.Each)/ns)/step, 1) * step
	if e.w.Place == PinnedSleepers {
		n = max(n, e.n) // A slow round ends by the clock; the next may be fast.
	}
	e.n = n
}

// measure is one contender's turn in a round.
func (e *entry) measure(p *Pair, cfg Config, round int) error {
	w := e.c.Make()
	if w.Close != nil {
		defer w.Close()
	}
	step := max(e.w.Step, 1)
	warm := max(e.n/8, e.w.Warm, 1)
	if _, _, _, err := p.Once(e.w.Place, w, (warm+step-1)/step*step, cfg.Each/8); err != nil {
		return err
	}
	s := result.Sample{Round: round}
	for i := range attempts {
		p.turns++
		if i > 0 {
			p.repeats++
		}
		if w.Latency != nil {
			w.Latency.h.Reset()
		}
		if e.w.Place != Alone {
			s.Raw = p.Raw()
		}
		n, took, waited, err := p.Once(e.w.Place, w, e.n, 2*cfg.Each)
		if err != nil {
			return err
		}
		if e.w.Place != Alone {
			s.After = p.Raw()
		}
		s.Ns = float64(took) / float64(n)
		s.Disturbed = float64(waited) > patience(e.w.Place, s.Ns)*float64(took)
		if !s.Disturbed || p.repeats*2 > p.turns {
			break
		}
	}
	e.out.Samples = append(e.out.Samples, s)
	if w.Latency != nil {
		e.keep(result.ClassIn(s, e.w.cores()), w.Latency.h)
	}
	e.aim(cfg, s.Ns)
	return nil
}

// keep adds the latencies of a turn to those of its class.
func (e *entry) keep(class result.Class, h *hdrhistogram.Histogram) {
	if e.hists[class] == nil {
		e.hists[class] = NewRecorder().h
	}
	e.hists[class].Merge(h)
}

// Once does n operations, a multiple of the workload's Step, or those that
// PinnedSleepers get done in the time limit, and returns how many, how long they took,
// and how long others kept a thread waiting meanwhile.
func (p *Pair) Once(place Place, w Work, n int, limit time.Duration) (done int, took, waited time.Duration, err error) {
	if w.Prepare != nil {
		w.Prepare(n)
	}
	a, b := func() { w.A(n) }, func() { w.B(n) }
	if w.B == nil {
		b = nil
	}
	switch place {
	case Pinned, Alone:
		took, waited = p.Run(a, b)
	case PinnedSleepers:
		a, b = bounded(w, &n, limit)
		took, waited = p.Run(a, b)
	case Free:
		took, waited = free(a, b)
	case OneP:
		before := runtime.GOMAXPROCS(1)
		took, waited = free(a, b)
		runtime.GOMAXPROCS(before)
	}
	if w.Check != nil {
		err = w.Check(n)
	}
	return n, took, waited, err
}

// bounded splits the n operations of w into pieces, and leaves out those that
// do not fit in the time limit: an operation that wakes a thread may take a
// thousand times as long as one that finds it spinning, and which it is changes
// from one to the next. A decides after a piece whether the next is the last, so
// that B, which ends a piece after A has begun it, never waits for that.
func bounded(w Work, n *int, limit time.Duration) (a, b func()) {
	pieces := uint64(min(*n, 64))
	piece := (*n + int(pieces) - 1) / int(pieces)
	var last litesync.Uint64
	// ORDERING: B reads what A stored before the piece that B has just ended.
	last.StoreRelaxed(pieces - 1)
	a = func() {
		start := time.Now()
		for i := uint64(0); i <= last.LoadRelaxed(); i++ {
			w.A(piece)
			if i+1 < last.LoadRelaxed() && time.Since(start) > limit {
				last.StoreRelease(i + 1)
			}
		}
		*n = int(last.LoadRelaxed()+1) * piece
	}
	b = func() {
		for i := uint64(0); ; i++ {
			w.B(piece)
			if i >= last.LoadAcquire() { // Beyond it if b does not wait for a.
				return
			}
		}
	}
	return a, b
}

// free runs a, and b if there is one, on goroutines of their own and returns the
// time until both were done, and how long the process's threads were kept waiting
// meanwhile.
func free(a, b func()) (took, waited time.Duration) {
	var wg sync.WaitGroup
	before := processLateness()
	start := time.Now()
	wg.Go(a)
	if b != nil {
		wg.Go(b)
	}
	wg.Wait()
	took = time.Since(start)
	return took, processLateness() - before
}

func median(xs []float64) float64 { return result.Median(xs) }

// latency draws the percentiles from h.
func latency(class result.Class, h *hdrhistogram.Histogram) result.Latency {
	at := func(p float64) float64 { return float64(h.ValueAtQuantile(p)) }
	l := result.Latency{Class: class, Count: h.TotalCount(), P50: at(50), P90: at(90), P99: at(99), P999: at(99.9), Max: float64(h.Max())}
	for _, b := range h.CumulativeDistributionWithTicks(4) {
		l.Curve = append(l.Curve, [2]float64{b.Quantile / 100, float64(b.ValueAt)})
	}
	return l
}

// Try runs every contender of w once for n operations, and reports what went
// wrong.
func Try(w Workload, n int) error {
	pair, err := NewPair(Choose(Allowed()))
	if err != nil {
		return err
	}
	defer pair.Close()
	for _, c := range w.Contenders {
		work := c.Make()
		_, _, _, err := pair.Once(w.Place, work, n, time.Second)
		if work.Close != nil {
			work.Close()
		}
		if err != nil {
			return fmt.Errorf("%s/%s: %s: %w", w.Suite, w.Name, c.Name, err)
		}
	}
	return nil
}
