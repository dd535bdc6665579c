package model

import "math/bits"

// The order of the seq-cst events is not chosen while exploring. An execution
// is consistent if such an order exists, that is, if RC11's partial order psc
// has no cycle (Lahav, Vafeiadis, Kang, Hur and Dreyer, "Repairing Sequential
// Consistency in C/C++11", PLDI 2017):
//
//	scb      = sb | sb≠loc ; hb ; sb≠loc | hb|loc | mo | fr
//	psc_base = ([E] | [F] ; hb?) ; scb ; ([E] | hb? ; [F])
//	psc_F    = [F] ; (hb | hb ; eco ; hb) ; [F]
//
// where E are the seq-cst accesses and F the seq-cst fences. What comes from
// sb and hb is known when an event is added, and kept in x.psc; what comes from
// mo, fr and eco changes when a store goes into the middle of a modification
// order, and is computed anew.

// maxSC bounds the seq-cst events of one execution.
const maxSC = 64

// orderSC computes the sets of seq-cst events before e.
func (x *explorer) orderSC(e *event) {
	e.preF, e.postF, e.pre, e.post = 0, 0, 0, 0
	for _, s := range x.sc {
		if s.loc == nil && s.before(e) {
			e.preF |= 1 << s.sc
		}
	}
	e.pre = e.preF
	if e.sc >= 0 && e.loc != nil {
		e.pre |= 1 << e.sc
		e.post = 1 << e.sc
	}
}

// commitSC adds e to the seq-cst events, with its edges from earlier ones.
func (x *explorer) commitSC(e *event) {
	self := uint64(1) << e.sc
	for _, s := range x.sc {
		if x.ordered(s, e) {
			x.psc[s.sc] |= self
		}
	}
	x.sc = append(x.sc, e)
	x.psc[e.sc] = 0
	if e.loc == nil {
		for _, t := range x.threads {
			for _, y := range t.events[:min(int(e.vc[t.id]), len(t.events))] {
				if y != e {
					y.postF |= self
					y.post |= self
				}
			}
		}
	}
}

// ordered reports whether sb and hb alone give an edge from a to b in psc.
func (x *explorer) ordered(a, b *event) bool {
	if !a.before(b) {
		return false
	}
	if a.th == b.th || a.loc == nil && b.loc == nil {
		return true
	}
	// The step that leaves a, if a is an access, and the one that enters b may
	// be of hb on one location, else they are of sb.
	switch {
	case a.loc == nil: // [F] ; hb? ; scb ; [E]
		if p := b.prev(); p != nil && (p == a || a.before(p)) {
			return true
		}
		for _, y := range b.loc.accs {
			if a.before(y) && y.before(b) {
				return true
			}
		}
		return false
	case b.loc == nil: // [E] ; scb ; hb? ; [F]
		if n := a.next(); n != nil && (n == b || n.before(b)) {
			return true
		}
		for _, y := range a.loc.accs {
			if a.before(y) && y.before(b) {
				return true
			}
		}
		return false
	case a.loc == b.loc:
		return true
	}
	n, p := a.next(), b.prev()
	for n != nil && n.loc == a.loc {
		n = n.next()
	}
	for p != nil && p.loc == b.loc {
		p = p.prev()
	}
	return n != nil && p != nil && n.before(p)
}

// next and prev are the neighbours of e in its thread, of those in the graph.
func (e *event) next() *event {
	if int(e.idx) < len(e.th.events) {
		return e.th.events[e.idx]
	}
	return nil
}

func (e *event) prev() *event {
	if e.idx > 1 {
		return e.th.events[e.idx-2]
	}
	return nil
}

// scConsistent reports whether psc is acyclic with e, which has its place in
// its location's modification order but is not committed.
func (x *explorer) scConsistent(e *event) bool {
	n := len(x.sc)
	edges := x.psc
	if e.sc >= 0 {
		n++
		edges[e.sc] = 0
		for _, s := range x.sc {
			if x.ordered(s, e) {
				edges[s.sc] |= 1 << e.sc
			}
		}
	}
	if n < 2 {
		return true
	}
	pair := func(a, b *event) {
		if b.write && a.msg.pos < b.msg.pos { // mo, or fr
			for s := a.pre; s != 0; s &= s - 1 {
				edges[bits.TrailingZeros64(s)] |= b.post
			}
		} else if !b.write && a.msg.pos < b.msg.pos || a.write && !b.write && a.msg == b.msg { // the rest of eco
			for s := a.preF; s != 0; s &= s - 1 {
				edges[bits.TrailingZeros64(s)] |= b.postF
			}
		}
	}
	for _, l := range x.locs {
		for _, a := range l.accs {
			if a.pre == 0 {
				continue
			}
			for _, b := range l.accs {
				if b.post != 0 && a != b {
					pair(a, b)
				}
			}
		}
	}
	for _, a := range e.loc.accs {
		pair(a, e)
		pair(e, a)
	}
	return acyclic(edges[:n])
}

// acyclic reports whether the graph with these edges has no cycle: it takes
// away nodes without edges to the rest until none is left.
func acyclic(edges []uint64) bool {
	left := uint64(1)<<len(edges) - 1
	if len(edges) == 64 {
		left = ^uint64(0)
	}
	for again := true; again && left != 0; {
		again = false
		for s := left; s != 0; s &= s - 1 {
			i := bits.TrailingZeros64(s)
			if edges[i]&left == 0 {
				left &^= 1 << i
				again = true
			}
		}
	}
	return left == 0
}
