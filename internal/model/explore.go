package model

import (
	"iter"
	"unsafe"
)

// current is the explorer at work in this process, nil if none is. Only one
// thread of it runs at a time, so there is nothing to look up per goroutine.
// Tests of one package explore one after the other; packages, being processes,
// explore in parallel.
var current *explorer

// explorer runs a model program through its executions, depth first: an
// execution is a path of choices, and is run again from the start to take
// another one. All that follows depends on the choices alone.
type explorer struct {
	opts Options
	body func(*T)

	path     []choice // of this execution so far; beyond it when replaying
	depth    int      // how much of path this execution has taken
	offers   []offer  // what path has been chosen from, as far as it is positions
	offered  int      // how many of them this execution has come by
	seen     map[uint64]visit
	pruned   int
	runs     int
	steps    int
	maxDepth int
	workers  []*worker // idle

	// The execution.
	threads   []*thread
	cur, next *thread
	preempts  uint8
	stopped   bool // it is over; what still runs unwinds
	failure   *failure
	locs      map[unsafe.Pointer]*location
	shadows   map[unsafe.Pointer]*shadow
	pools     map[*Pool][]pooled
	sc        []*event
	psc       [maxSC]scSet
	trace     *trace // nil unless a failure is replayed

	// What the executions are made of, for the next one to use again.
	freeThreads   arena[thread]
	freeEvents    arena[event]
	freeMessages  arena[message]
	freeLocations arena[location]
	freeShadows   arena[shadow]
}

// choice is one of the alternatives, after some offers.
type choice struct{ taken, of, offers int }

// offer is the positions that an operation may take in the modification order.
type offer []int

// arena hands out values that are taken back all at once. They come as they
// were left.
type arena[T any] struct {
	all  []*T
	used int
}

func (a *arena[T]) next() *T {
	if a.used == len(a.all) {
		a.all = append(a.all, new(T))
	}
	a.used++
	return a.all[a.used-1]
}

// thread is one model thread: a goroutine of the program, or a timer.
type thread struct {
	id     int
	uid    uint64 // the same in every interleaving
	name   string
	fn     func()
	timer  bool // need not run for the execution to be complete
	worker *worker
	op     pending
	done   bool
	asleep bool // in Sleep, and nobody has called Wake
	paused bool // in Pause, and nobody has made progress since
	futile int  // how often it ran on from Pause although nobody had

	vc     clock
	woken  clock // of the last Wake
	rel    clock // of the last release fence
	acq    clock // what an acquire fence would give
	events []*event
	hist   uint64 // hash of what its operations have returned
	spawns uint64
	reads  []look // since the last Pause
	stale  []look // must not be read again
}

// look is a message that a thread has read.
type look struct {
	l *location
	m *message
}

// pending says what a thread waits for before its next operation.
type pending uint8

const (
	ready    pending = iota
	resuming         // from Pause
	sleeping         // in Sleep
	joining          // in T.Join
)

// running reports whether t has started and not ended, so that its goroutine
// is in the middle of its function.
func (t *thread) running() bool { return t.worker != nil && !t.done }

// enabled reports whether t can take a step.
func (x *explorer) enabled(t *thread) bool {
	if t.done {
		return false
	}
	switch t.op {
	case resuming:
		return !t.paused
	case sleeping:
		return !t.asleep
	case joining:
		for _, o := range x.threads {
			if o != t && !o.timer && !o.done {
				return false
			}
		}
	}
	return true
}

// worker is a goroutine that runs threads, execution after execution.
type worker struct {
	fn     func()
	resume func() (struct{}, bool)
	yield  func(struct{}) bool
	stop   func()
}

func (x *explorer) worker() *worker {
	if n := len(x.workers); n > 0 {
		w := x.workers[n-1]
		x.workers = x.workers[:n-1]
		return w
	}
	w := &worker{}
	w.resume, w.stop = iter.Pull(func(yield func(struct{}) bool) {
		w.yield = yield
		for {
			w.fn()
			if !yield(struct{}{}) {
				return
			}
		}
	})
	return w
}

// abort is what a thread panics with to unwind when its execution is over.
type abort struct{}

// run explores one execution.
func (x *explorer) run() {
	x.depth, x.offered, x.preempts, x.steps, x.stopped, x.failure = 0, 0, 0, 0, false, nil
	x.threads, x.sc = x.threads[:0], x.sc[:0]
	clear(x.locs)
	clear(x.shadows)
	clear(x.pools)
	x.freeThreads.used, x.freeEvents.used, x.freeMessages.used = 0, 0, 0
	x.freeLocations.used, x.freeShadows.used = 0, 0
	x.runs++
	m := &T{x}
	x.cur = nil
	x.spawn("main", func() { x.body(m) }, false)
	x.next = x.pick()
	for x.next != nil {
		t := x.next
		x.resume(t)
		if t.done {
			x.next = x.pick()
		}
	}
	x.maxDepth = max(x.maxDepth, x.steps)
	x.stopped = true
	for _, t := range x.threads {
		if t.running() {
			x.resume(t)
		}
	}
}

// resume lets t run until it hands over.
func (x *explorer) resume(t *thread) {
	x.cur = t
	if t.worker == nil {
		t.worker = x.worker()
		t.worker.fn = func() { x.runThread(t) }
	}
	t.worker.resume()
	if t.done {
		x.workers = append(x.workers, t.worker)
	}
}

func (x *explorer) runThread(t *thread) {
	defer func() {
		t.done = true
		if r := recover(); r != nil && r != (abort{}) {
			x.failPanic(r)
		}
		if !x.stopped {
			x.progress(t)
		}
	}()
	t.fn()
	x.mark(t)
}

// spawn makes a new thread, which happens after what its parent has done.
func (x *explorer) spawn(name string, fn func(), timer bool) *thread {
	if len(x.threads) == maxThreads {
		x.fail("more than %d threads", maxThreads)
	}
	t := x.freeThreads.next()
	*t = thread{
		id: len(x.threads), name: name, fn: fn, timer: timer,
		events: t.events[:0], reads: t.reads[:0], stale: t.stale[:0],
	}
	if p := x.cur; p != nil {
		x.mark(p)
		t.vc, t.rel = p.vc, p.vc
		t.uid = mix(p.uid, p.spawns+5)
		p.spawns++
	}
	t.hist = t.uid
	x.threads = append(x.threads, t)
	return t
}

// turn waits until it is the calling thread's turn, and returns it. Every
// operation begins with it.
func (x *explorer) turn(op pending) *thread {
	t := x.cur
	if x.stopped {
		panic(abort{})
	}
	t.op = op
	x.next = x.pick()
	if x.next != t {
		t.worker.yield(struct{}{})
		if x.stopped {
			panic(abort{})
		}
	}
	t.op = ready
	t.hist = mix(t.hist, 1)
	return t
}

// pick chooses who runs next, nil if the execution is over.
func (x *explorer) pick() *thread {
	if x.failure != nil || x.stopped {
		return nil
	}
	if x.steps++; x.steps > x.opts.MaxSteps {
		x.failf("livelock, or too long: more than %d steps", x.opts.MaxSteps)
		return nil
	}
	var room [maxThreads]*thread
	can := room[:0]
	preemptible := x.cur != nil && x.enabled(x.cur)
	if preemptible {
		can = append(can, x.cur)
	}
	live := false
	for _, t := range x.threads {
		if t != x.cur && x.enabled(t) {
			can = append(can, t)
		}
		live = live || !t.timer && !t.done
	}
	if !live {
		return nil
	}
	if len(can) == 0 {
		return x.pickPaused()
	}
	if x.depth >= len(x.path) && !x.fresh() {
		x.pruned++
		return nil
	}
	if preemptible && x.opts.Preemptions > 0 && int(x.preempts) >= x.opts.Preemptions {
		can = can[:1]
	}
	t := can[x.choose(len(can))]
	if preemptible && t != x.cur {
		x.preempts++
	}
	return t
}

// pickPaused is pick when nobody can run but threads that spin, whom nobody
// has given a reason to look again. They may have an end of their own to the
// spinning, so they go on for a while, in turn.
func (x *explorer) pickPaused() *thread {
	var least *thread
	for _, t := range x.threads {
		if !t.done && t.op == resuming && (least == nil || t.futile < least.futile) {
			least = t
		}
	}
	switch {
	case least == nil:
		x.failf("deadlock: every thread is blocked")
		return nil
	case least.futile == x.opts.MaxSpins:
		x.failf("livelock: every thread spins or is blocked")
		return nil
	}
	least.futile++
	return least
}

// progress tells the threads that spin that there is a reason to look again.
func (x *explorer) progress(by *thread) {
	for _, t := range x.threads {
		if t != by && t.paused {
			t.paused, t.futile = false, 0
		}
	}
}

// choose takes one of n alternatives.
func (x *explorer) choose(n int) int {
	if n == 1 {
		return 0
	}
	if x.depth == len(x.path) {
		x.path = append(x.path, choice{0, n, x.offered})
	}
	c := x.path[x.depth]
	if c.of != n {
		panic("model: the program is not deterministic: it has a choice where it had none, or another one, with the same past")
	}
	x.depth++
	return c.taken
}

// backtrack changes the last choice that has an alternative left, and reports
// whether there was one.
func (x *explorer) backtrack() bool {
	for n := len(x.path); n > 0; n-- {
		if c := &x.path[n-1]; c.taken+1 < c.of {
			c.taken++
			x.path, x.offers = x.path[:n], x.offers[:c.offers]
			return true
		}
	}
	return false
}

// fresh records the state of the execution, and reports whether there is
// anything new to be found from it. Two executions are in the same state if
// they have the same graph: what each thread will do depends on what its
// operations have returned, and what they may return on reads-from and the
// modification orders. The names of events do not depend on the interleaving,
// so states that differ only in the order of independent steps are one. This
// is the reduction; unlike sleep sets it is sound under a preemption bound, as far
// as the visit before covers this one.
func (x *explorer) fresh() bool {
	var h uint64
	for _, t := range x.threads {
		s := uint64(t.op) << 4
		for i, b := range [...]bool{t.done, t.asleep, t.paused, t.worker != nil} {
			if b {
				s |= 1 << i
			}
		}
		h += mix(mix(t.hist, t.uid), s|uint64(t.futile)<<16)
	}
	for _, l := range x.locs {
		if len(l.msgs) > 1 {
			h += l.hash
		}
	}
	w := x.arrival()
	v, ok := x.seen[h]
	switch {
	case x.opts.unreduced:
		return true
	case !ok || v.preempts > w.preempts:
		v = w
	case v.covers(w):
		return false
	default:
		v.running |= w.running
	}
	x.seen[h] = v
	return true
}

// visit is how a state was reached.
type visit struct {
	preempts uint8
	running  uint16 // the threads that ran on then, by the order of uid; all of them if none did
}

// covers reports whether an execution can go wherever one from w can, in no more
// preemptions. To preempt the thread that runs on takes one.
func (v visit) covers(w visit) bool {
	return v.preempts < w.preempts || v.preempts == w.preempts && v.running&w.running == w.running
}

// arrival is the visit that begins now.
func (x *explorer) arrival() visit {
	switch {
	case x.opts.Preemptions == 0:
		return visit{running: ^uint16(0)}
	case x.cur == nil || !x.enabled(x.cur):
		return visit{x.preempts, ^uint16(0)}
	}
	rank := 0
	for _, t := range x.threads {
		if t.uid < x.cur.uid {
			rank++
		}
	}
	return visit{x.preempts, 1 << rank}
}

// pause ends a round of spinning. The thread runs on when another has made
// progress, and then does not read again what was stale in this round: a spin
// that finds the same twice is the same as one that is shorter.
func (x *explorer) pause() {
	t := x.cur
	if x.stopped {
		panic(abort{})
	}
	renewed := false
	for _, r := range t.reads {
		if r.m.pos < len(r.l.msgs)-1 {
			t.stale = append(t.stale, r)
			t.hist = mix(t.hist, r.m.ev.name()+7)
			renewed = true
		}
	}
	t.reads = t.reads[:0]
	t.paused = !renewed
	t.hist = mix(t.hist, 6)
	x.record(t, "Pause", "")
	x.turn(resuming)
	t.paused = false
}

// looked remembers that t has read m, or written it.
func (t *thread) looked(m *message, l *location) {
	for i := range t.reads {
		if t.reads[i].l == l {
			t.reads[i].m = m
			return
		}
	}
	t.reads = append(t.reads, look{l, m})
}

// oldest is the position of the oldest message of l that t may read now, after
// what it has seen to be stale before a Pause too.
func (t *thread) oldest(l *location) int {
	pos := l.floor(t)
	for _, s := range t.stale {
		if s.l == l {
			pos = max(pos, s.m.pos+1)
		}
	}
	return pos
}
