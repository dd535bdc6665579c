package model

import (
	"slices"
	"sync/atomic"
	"unsafe"
)

// Order is a memory order in the words of C++20.
type Order uint8

const (
	Relaxed Order = iota
	Acquire
	Release
	AcqRel
	SeqCst
)

func (o Order) String() string {
	return [...]string{"relaxed", "acquire", "release", "acqrel", "seqcst"}[o]
}

func (o Order) acquires() bool { return o == Acquire || o >= AcqRel }
func (o Order) releases() bool { return o >= Release }

// Width is the type of a location.
type Width uint8

const (
	Word32 Width = iota
	Word64
	WordPtr // uintptr
	Pointer
)

// Word is a value of any Width: N of the integers, P of Pointer.
type Word struct {
	N uint64
	P unsafe.Pointer
}

// peek reads the memory at p.
func peek(p unsafe.Pointer, w Width) Word {
	switch w {
	case Word32:
		return Word{N: uint64(atomic.LoadUint32((*uint32)(p)))}
	case Word64:
		return Word{N: atomic.LoadUint64((*uint64)(p))}
	case WordPtr:
		return Word{N: uint64(atomic.LoadUintptr((*uintptr)(p)))}
	default:
		return Word{P: atomic.LoadPointer((*unsafe.Pointer)(p))}
	}
}

// poke writes the memory at p.
func poke(p unsafe.Pointer, w Width, v Word) {
	switch w {
	case Word32:
		atomic.StoreUint32((*uint32)(p), uint32(v.N))
	case Word64:
		atomic.StoreUint64((*uint64)(p), v.N)
	case WordPtr:
		atomic.StoreUintptr((*uintptr)(p), uintptr(v.N))
	default:
		atomic.StorePointer((*unsafe.Pointer)(p), v.P)
	}
}

// cas is the compare-and-swap of the memory at p.
func cas(p unsafe.Pointer, w Width, old, v Word) bool {
	switch w {
	case Word32:
		return atomic.CompareAndSwapUint32((*uint32)(p), uint32(old.N), uint32(v.N))
	case Word64:
		return atomic.CompareAndSwapUint64((*uint64)(p), old.N, v.N)
	case WordPtr:
		return atomic.CompareAndSwapUintptr((*uintptr)(p), uintptr(old.N), uintptr(v.N))
	default:
		return atomic.CompareAndSwapPointer((*unsafe.Pointer)(p), old.P, v.P)
	}
}

// maxThreads bounds the threads of one execution, timers included.
const maxThreads = 16

// clock is a vector clock: how many events of each thread happen before.
type clock [maxThreads]uint16

func (c *clock) join(d *clock) {
	for i, n := range d {
		c[i] = max(c[i], n)
	}
}

// event is one access or fence. Together the events of an execution are its
// graph: program order is (thread, idx), reads-from and modification order are
// in msg, happens-before is in vc.
type event struct {
	th    *thread
	idx   uint16 // in its thread, from 1
	loc   *location
	msg   *message // written, or read by a load
	write bool     // a store or a read-modify-write
	vc    clock    // what happens before, this event included

	sc int // number among the seq-cst events, or -1
	// Sets of seq-cst events, for scConsistent: the fences that happen before
	// this event and after it, and the same plus the event itself if it is a
	// seq-cst access.
	preF, postF, pre, post scSet
}

// before reports whether e happens before f.
func (e *event) before(f *event) bool { return e != f && f.vc[e.th.id] >= e.idx }

// message is one store in the modification order of its location.
type message struct {
	val     Word
	ev      *event // nil for the initial value
	release clock  // what a load that acquires this message synchronizes with
	pos     int    // in the modification order
	taken   bool   // a read-modify-write has read it and stands right behind it
}

// location is one atomic variable.
type location struct {
	addr  unsafe.Pointer
	width Width
	id    int
	msgs  []*message // in modification order
	accs  []*event   // in the order of execution
	hash  uint64     // of the modification order
}

// location returns the variable at addr. What the memory holds at the first
// access is its initial value, which happens before everything.
func (x *explorer) location(addr unsafe.Pointer, w Width) *location {
	l := x.locs[addr]
	if l == nil {
		l = x.freeLocations.next()
		*l = location{addr: addr, width: w, id: len(x.locs), msgs: l.msgs[:0], accs: l.accs[:0]}
		l.msgs = append(l.msgs, x.message(peek(addr, w), nil))
		x.locs[addr] = l
	}
	return l
}

func (x *explorer) message(v Word, e *event) *message {
	m := x.freeMessages.next()
	*m = message{val: v, ev: e}
	return m
}

// floor is the position of the oldest message that th may still read, and
// behind which its stores go: no older than anything that it has read or
// written, or that was read or written before in happens-before (coherence).
func (l *location) floor(th *thread) int {
	floor := 0
	for _, a := range l.accs {
		if a.idx <= th.vc[a.th.id] {
			floor = max(floor, a.msg.pos)
		}
	}
	return floor
}

// insert puts m at position pos of the modification order.
func (l *location) insert(m *message, pos int) {
	l.msgs = append(l.msgs, nil)
	copy(l.msgs[pos+1:], l.msgs[pos:])
	l.msgs[pos] = m
	l.renumber(pos)
}

// remove takes back an insert.
func (l *location) remove(pos int) {
	l.msgs = append(l.msgs[:pos], l.msgs[pos+1:]...)
	l.renumber(pos)
}

func (l *location) renumber(from int) {
	for i, m := range l.msgs[from:] {
		m.pos = from + i
	}
}

func (l *location) rehash() {
	h := uint64(len(l.msgs))
	for _, m := range l.msgs[1:] {
		h = mix(h, m.ev.name())
	}
	l.hash = h
}

// name is a number for the event that is the same in every interleaving.
func (e *event) name() uint64 {
	if e == nil {
		return 0
	}
	return mix(e.th.uid, uint64(e.idx))
}

// newEvent starts th's next event.
func (x *explorer) newEvent(th *thread, l *location, o Order) *event {
	th.vc[th.id]++
	e := x.freeEvents.next()
	*e = event{th: th, idx: th.vc[th.id], loc: l, sc: -1}
	// What the first thread does while it is the only one happens before all that
	// follows, so it is on no cycle of psc.
	if o == SeqCst && len(x.threads) > 1 {
		if len(x.sc) == maxSC {
			x.fail("more than %d seq-cst events in one execution", maxSC)
		}
		e.sc = len(x.sc)
	}
	return e
}

// mark is an event that does nothing, so that what t has done before it can be
// told from what comes after.
func (x *explorer) mark(t *thread) {
	e := x.newEvent(t, nil, Relaxed)
	x.seal(e)
	x.commit(e)
}

// seal fixes e's place in happens-before, once its thread has synchronized.
func (x *explorer) seal(e *event) {
	e.vc = e.th.vc
	x.orderSC(e)
}

// commit adds e to the graph.
func (x *explorer) commit(e *event) {
	e.th.events = append(e.th.events, e)
	if e.loc != nil {
		e.loc.accs = append(e.loc.accs, e)
	}
	if e.sc >= 0 {
		x.commitSC(e)
	}
	if e.write {
		e.loc.rehash()
		poke(e.loc.addr, e.loc.width, e.loc.msgs[len(e.loc.msgs)-1].val)
		x.progress(e.th)
	}
}

// options returns the positions that e may take: those in todo where it leaves
// the graph consistent, from the last on. try puts e there, undo takes it back.
// An execution that repeats another one is told what that one has found.
func (x *explorer) options(e *event, todo func() []int, last int, try, undo func(pos int)) offer {
	if x.offered == len(x.offers) {
		var ok offer
		all := todo()
		for i := len(all) - 1; i >= 0; i-- {
			pos := all[i]
			try(pos)
			// The last position adds no edge that leaves e, so no cycle.
			if pos == last || x.scConsistent(e) {
				ok = append(ok, pos)
			}
			undo(pos)
		}
		x.offers = append(x.offers, ok)
	}
	x.offered++
	return x.offers[x.offered-1]
}

// synchronize gives th what reading m gives it.
func (th *thread) synchronize(m *message, o Order) {
	if o.acquires() {
		th.vc.join(&m.release)
	}
	th.acq.join(&m.release)
}

// load reads l. Any message that coherence and the order of the seq-cst events
// allow may be the one.
func (x *explorer) load(th *thread, l *location, o Order) *message {
	e := x.newEvent(th, l, o)
	vc, acq := th.vc, th.acq
	ok := x.options(e, func() (todo []int) {
		for pos := th.oldest(l); pos < len(l.msgs); pos++ {
			todo = append(todo, pos)
		}
		return todo
	}, len(l.msgs)-1, func(pos int) {
		e.msg = l.msgs[pos]
		th.synchronize(e.msg, o)
		x.seal(e)
	}, func(int) { th.vc, th.acq = vc, acq })
	m := l.msgs[ok[x.choose(len(ok))]]
	e.msg = m
	th.synchronize(m, o)
	x.seal(e)
	x.commit(e)
	th.hist = mix(th.hist, m.ev.name()+1)
	th.looked(m, l)
	return m
}

// store writes v to l. It may go anywhere in the modification order that
// coherence, atomicity and the order of the seq-cst events allow.
func (x *explorer) store(th *thread, l *location, v Word, o Order) *message {
	e := x.newEvent(th, l, o)
	e.write = true
	m := x.message(v, e)
	e.msg = m
	x.seal(e)
	ok := x.options(e, func() (todo []int) {
		for pos := l.floor(th) + 1; pos <= len(l.msgs); pos++ {
			if !l.msgs[pos-1].taken {
				todo = append(todo, pos)
			}
		}
		return todo
	}, len(l.msgs), func(pos int) { l.insert(m, pos) }, l.remove)
	m.release = th.rel
	if o.releases() {
		m.release = e.vc
	}
	l.insert(m, ok[x.choose(len(ok))])
	x.commit(e)
	th.hist = mix(th.hist, 2)
	th.looked(m, l)
	return m
}

// update is a read-modify-write: next gives the new value, or false to leave
// the old one, in which case it is a load. It reads a message and puts its own
// right behind it.
func (x *explorer) update(th *thread, l *location, o Order, next func(old Word) (Word, bool)) (old, made *message) {
	e := x.newEvent(th, l, o)
	m := x.message(Word{}, e)
	vc, acq := th.vc, th.acq
	try := func(pos int) {
		old = l.msgs[pos]
		th.synchronize(old, o)
		x.seal(e)
		if m.val, e.write = next(old.val); e.write {
			e.msg = m
			l.insert(m, pos+1)
		} else {
			e.msg = old
		}
	}
	ok := x.options(e, func() (todo []int) {
		for pos := th.oldest(l); pos < len(l.msgs); pos++ {
			if _, writes := next(l.msgs[pos].val); !writes || !l.msgs[pos].taken {
				todo = append(todo, pos)
			}
		}
		return todo
	}, len(l.msgs)-1, try, func(pos int) {
		if e.write {
			l.remove(pos + 1)
		}
		th.vc, th.acq = vc, acq
	})
	try(ok[x.choose(len(ok))])
	if e.write {
		made = m
		old.taken = true
		// A read-modify-write carries the release sequence on.
		m.release = old.release
		m.release.join(&th.rel)
		if o.releases() {
			m.release.join(&e.vc)
		}
	}
	x.commit(e)
	th.hist = mix(th.hist, old.ev.name()+3)
	th.looked(e.msg, l)
	return old, made
}

// fence is an atomic thread fence.
func (x *explorer) fence(th *thread, o Order) *event {
	if o.acquires() {
		th.vc.join(&th.acq)
	}
	e := x.newEvent(th, nil, o)
	x.seal(e)
	if o.releases() {
		th.rel = e.vc
	}
	x.commit(e)
	th.hist = mix(th.hist, 4)
	return e
}

// fenceHeavy is membarrier(2): a full fence here and, at some point during the
// call, in every other thread that there is, in any order. What comes before the
// call happens before what the others do after theirs, and the other way round.
func (x *explorer) fenceHeavy(th *thread) {
	due := slices.DeleteFunc(slices.Clone(x.threads), func(t *thread) bool { return t == th })
	before := x.fence(th, SeqCst)
	for len(due) > 0 {
		x.turn(ready)
		i := x.choose(len(due))
		t := due[i] // One that has ended gave up its CPU with a fence.
		due = slices.Delete(due, i, i+1)
		t.vc.join(&before.vc)
		x.fence(t, SeqCst)
		t.hist = mix(t.hist, th.uid)
		th.vc.join(&t.vc)
	}
	x.fence(th, SeqCst)
}

// mix is a step of a 64-bit hash (the finalizer of splitmix64).
func mix(h, v uint64) uint64 {
	h = (h ^ v) + 0x9e3779b97f4a7c15
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}
