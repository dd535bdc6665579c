package model

import (
	"fmt"
	"unsafe"
)

// The operations of the architecture layer. Each is one step of the calling
// thread if an explorer is at work, and the plain atomic operation if none is.

// Load reads the location at p.
func Load(p unsafe.Pointer, w Width, o Order) Word {
	x := current
	if x == nil {
		return peek(p, w)
	}
	t := x.turn(ready)
	s, o := x.site("Load", o)
	m := x.load(t, x.location(p, w), o)
	if x.trace != nil {
		l := x.locs[p]
		x.trace.add(t, s, fmt.Sprintf("Load %v %s", o, l), fmt.Sprintf("= %s, %s", l.show(m.val), l.from(m)))
	}
	return m.val
}

// Store writes v to the location at p.
func Store(p unsafe.Pointer, w Width, v Word, o Order) {
	x := current
	if x == nil {
		poke(p, w, v)
		return
	}
	t := x.turn(ready)
	s, o := x.site("Store", o)
	x.storeAs(t, s, "Store", p, w, v, o)
}

func (x *explorer) storeAs(t *thread, s site, name string, p unsafe.Pointer, w Width, v Word, o Order) {
	m := x.store(t, x.location(p, w), v, o)
	if x.trace != nil {
		l := x.locs[p]
		x.trace.add(t, s, fmt.Sprintf("%s %v %s", name, o, l), fmt.Sprintf(":= %s%s", l.show(v), l.place(m)))
	}
}

// Updater names a read-modify-write.
type Updater uint8

const (
	Swap Updater = iota
	CompareAndSwap
	Add
	Or
	And
)

func (u Updater) String() string {
	return [...]string{"Swap", "CompareAndSwap", "Add", "Or", "And"}[u]
}

// apply returns what u makes of cur, and whether it writes at all.
func (u Updater) apply(w Width, cur, old, v Word) (Word, bool) {
	switch u {
	case CompareAndSwap:
		return v, cur == old
	case Add:
		v.N += cur.N
		if w == Word32 || w == WordPtr && unsafe.Sizeof(uintptr(0)) == 4 {
			v.N = uint64(uint32(v.N))
		}
	case Or:
		v.N |= cur.N
	case And:
		v.N &= cur.N
	}
	return v, true
}

// Update is a read-modify-write of the location at p with operand v (and old,
// for CompareAndSwap). It returns the value before, and whether it wrote.
func Update(p unsafe.Pointer, w Width, u Updater, old, v Word, o Order) (Word, bool) {
	x := current
	if x == nil {
		for {
			cur := peek(p, w)
			if next, writes := u.apply(w, cur, old, v); !writes || cas(p, w, cur, next) {
				return cur, writes
			}
		}
	}
	t := x.turn(ready)
	s, o := x.site(u.String(), o)
	if s.split {
		cur := Load(p, w, o)
		next, writes := u.apply(w, cur, old, v)
		if writes {
			x.storeAs(x.turn(ready), s, u.String(), p, w, next, o)
		}
		return cur, writes
	}
	l := x.location(p, w)
	read, made := x.update(t, l, o, func(cur Word) (Word, bool) { return u.apply(w, cur, old, v) })
	if x.trace != nil {
		what := "left alone"
		if made != nil {
			what = ":= " + l.show(made.val)
		}
		x.trace.add(t, s, fmt.Sprintf("%v %v %s", u, o, l), fmt.Sprintf("from %s, %s; %s", l.show(read.val), l.from(read), what))
	}
	return read.val, made != nil
}

// Fence is a thread fence. Relaxed is none.
func Fence(o Order) {
	x := current
	if x == nil {
		return // Every atomic operation is sequentially consistent then.
	}
	t := x.turn(ready)
	s, o := x.site("Fence", o)
	if o != Relaxed {
		x.fence(t, o)
	}
	x.recordAt(t, s, fmt.Sprintf("Fence %v", o), "")
}

// CanFenceHeavy reports whether the exploration is of a system with FenceHeavy.
func CanFenceHeavy() bool { return current != nil && !current.opts.NoFenceHeavy }

// FenceHeavy is a full fence in every thread, as membarrier(2) gives it.
func FenceHeavy() {
	if !CanFenceHeavy() {
		panic("model: FenceHeavy: the system has none")
	}
	x := current
	t := x.turn(ready)
	s, o := x.site("FenceHeavy", SeqCst)
	if o == SeqCst {
		x.fenceHeavy(t)
	}
	x.recordAt(t, s, fmt.Sprintf("FenceHeavy %v", o), "")
}

// Pause ends a round of a spin loop. What is read before it and after it may
// differ only if another thread has done something in between.
func Pause() {
	if x := current; x != nil {
		x.pause()
	}
}

// Active reports whether an explorer is at work.
func Active() bool { return current != nil }

// G is a thread, for Wake.
type G = thread

// Self returns the calling thread.
func Self() *G { return current.cur }

// ID returns a number that Thread knows t by.
func (t *thread) ID() int { return t.id }

// Thread returns the thread that has the ID.
func Thread(id int) *G { return current.threads[id] }

// Sleep blocks the calling thread until somebody calls Wake for it, who may do
// so from the time on at which commit starts: a runtime.gopark. If commit
// returns false it does not block. What comes before Wake happens before Sleep
// returns.
func Sleep(commit func() bool) {
	x := current
	t := x.cur
	t.asleep = true
	if !commit() {
		t.asleep = false
		return
	}
	x.record(t, "sleeps", "")
	x.turn(sleeping)
	t.vc.join(&t.woken)
	x.record(t, "runs on", "")
}

// Wake ends t's Sleep: a runtime.goready. To wake a thread that does not sleep
// is a failure.
func Wake(t *G) {
	x := current
	me := x.turn(ready)
	x.record(me, "wakes "+t.name, "")
	if !t.asleep {
		x.fail("%s wakes %s, which does not sleep", me.name, t.name)
	}
	x.mark(me)
	t.asleep, t.woken = false, me.vc
	me.hist = mix(me.hist, 8)
	t.hist = mix(t.hist, me.uid+uint64(me.vc[me.id]))
	x.progress(me)
}

// AfterFunc runs f in a thread of its own at some time from now on, or never:
// a time.AfterFunc. stop reports whether it keeps f from running.
func AfterFunc(f func()) (stop func() bool) {
	x := current
	x.turn(ready)
	fired := false
	t := x.spawn("timer", nil, true)
	t.fn = func() {
		fired = true
		x.record(t, "fires", "")
		t.hist = mix(t.hist, 9)
		f()
	}
	return func() bool {
		me := x.turn(ready)
		me.hist = mix(me.hist, t.hist)
		if fired {
			return false
		}
		x.record(me, "stops the timer", "")
		t.done = true
		return true
	}
}

// Deadline is a point in time, from which on a thread may do something else.
// The zero value is ready.
type Deadline struct{ passed bool }

// Passed reports whether it is over: once true, always true.
func (d *Deadline) Passed() bool {
	x := current
	t := x.turn(ready)
	if !d.passed {
		d.passed = x.choose(2) == 1
	}
	if d.passed {
		t.hist = mix(t.hist, 15)
		x.record(t, "finds its time over", "")
	}
	return d.passed
}

// AfterFunc runs f in a thread of its own when d has passed: see [AfterFunc].
func (d *Deadline) AfterFunc(f func()) (stop func() bool) {
	return AfterFunc(func() {
		d.passed = true
		f()
	})
}

// Pool is a sync.Pool that forgets everything between executions, so that what
// one leaves behind is not part of the next. Within one it hands out again what
// was put back last. The zero value is ready.
type Pool struct{ _ byte }

type pooled struct {
	v     any
	vc    clock // Put happens before the Get that returns v.
	by    uint64
	below uint64 // hash of what is under it
}

// Get returns what was put back last, or nil.
func (p *Pool) Get() any {
	x := current
	if x == nil {
		return nil
	}
	t := x.turn(ready)
	stack := x.pools[p]
	if len(stack) == 0 {
		return nil
	}
	top := stack[len(stack)-1]
	x.pools[p] = stack[:len(stack)-1]
	t.vc.join(&top.vc)
	t.hist = mix(t.hist, mix(top.by, top.below))
	return top.v
}

// Put gives v back.
func (p *Pool) Put(v any) {
	x := current
	if x == nil {
		return
	}
	t := x.turn(ready)
	x.mark(t)
	stack := x.pools[p]
	top := pooled{v: v, vc: t.vc, by: mix(t.uid, uint64(t.vc[t.id]))}
	if n := len(stack); n > 0 {
		top.below = mix(stack[n-1].by, stack[n-1].below)
	}
	x.pools[p] = append(stack, top)
	t.hist = mix(t.hist, mix(16, top.below))
}
