package harness

import (
	"fmt"
	"runtime"
	"time"

	"github.com/litesync/litesync"
	"github.com/litesync/litesync/pad"
)

// Pair is two goroutines, each locked to a thread that is pinned to a CPU of
// its own where the OS can do that.
type Pair struct {
	jobs [2]chan func()
	done chan struct{}
	late [2]*lateness

	turns, repeats int // of the run so far

	raw [2]pad.Value[litesync.Uint64] // what each side of the raw round trip writes
}

// NewPair starts the goroutines. Without pinning the CPUs are ignored.
func NewPair(cpus [2]int) (*Pair, error) {
	p := &Pair{done: make(chan struct{}, 2)}
	started := make(chan error, 2)
	for i := range p.jobs {
		p.jobs[i] = make(chan func())
		go func() {
			// Never unlocked: the thread ends with the goroutine, so that no
			// pinned thread is left to the others.
			runtime.LockOSThread()
			err := Pin(cpus[i])
			p.late[i] = newLateness()
			started <- err
			if err != nil {
				return
			}
			defer p.late[i].close()
			for job := range p.jobs[i] {
				job()
				p.done <- struct{}{}
			}
		}()
	}
	for i := range p.jobs {
		if err := <-started; err != nil {
			return nil, fmt.Errorf("pin a thread to CPU %d: %w", cpus[i], err)
		}
	}
	return p, nil
}

// Close ends the goroutines.
func (p *Pair) Close() {
	for _, j := range p.jobs {
		close(j)
	}
}

// Run runs a and b at once and returns the time from the moment when both had
// started until both were done, and how long one of the threads was kept
// waiting for its CPU by others. Without b only a runs.
func (p *Pair) Run(a, b func()) (took, waited time.Duration) {
	if b == nil {
		p.jobs[0] <- func() {
			before := p.late[0].read()
			start := time.Now()
			a()
			took = time.Since(start)
			waited = p.late[0].read() - before
		}
		<-p.done
		return took, waited
	}
	var here litesync.Uint32
	var start, end [2]time.Time
	var waits [2]time.Duration
	for i, f := range [2]func(){a, b} {
		p.jobs[i] <- func() {
			before := p.late[i].read()
			here.Add(1)
			// ORDERING: the spins only align the two starts.
			for here.LoadRelaxed() < 2 {
			}
			start[i] = time.Now()
			f()
			end[i] = time.Now()
			waits[i] = p.late[i].read() - before
		}
	}
	<-p.done
	<-p.done
	return latest(end).Sub(latest(start)), max(waits[0], waits[1])
}

func latest(t [2]time.Time) time.Time {
	if t[0].After(t[1]) {
		return t[0]
	}
	return t[1]
}

// rawTrips is how many round trips one reading of Raw takes; the median of
// rawReadings is its result, which a preempted thread does not spoil.
const (
	rawTrips    = 200
	rawReadings = 5
)

// Raw returns the raw round trip between the two cores in ns: each thread
// writes its own cache line and spins on the other's.
func (p *Pair) Raw() float64 {
	var readings [rawReadings]float64
	ping, pong := &p.raw[0].V, &p.raw[1].V
	// ORDERING: nothing but the counters themselves is handed over.
	next := ping.LoadRelaxed() + 1
	p.Run(func() {
		for r := range readings {
			start := time.Now()
			for i := range uint64(rawTrips) {
				n := next + uint64(r)*rawTrips + i
				ping.StoreRelease(n)
				for pong.LoadAcquire() != n {
				}
			}
			readings[r] = float64(time.Since(start)) / rawTrips
		}
	}, func() {
		for i := range uint64(rawTrips * rawReadings) {
			n := next + i
			for ping.LoadAcquire() != n {
			}
			pong.StoreRelease(n)
		}
	})
	return median(readings[:])
}
