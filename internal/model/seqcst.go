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
const maxSC = 128

// scSet is a set of seq-cst events, by number.
type scSet [maxSC / 64]uint64

func (s *scSet) add(i int) { s[i/64] |= 1 << (i % 64) }

func (s *scSet) addAll(t *scSet) {
	for w := range s {
		s[w] |= t[w]
	}
}

func (s *scSet) empty() bool { return *s == scSet{} }

// each calls f with every member.
func (s *scSet) each(f func(i int)) {
	for w, bit := range s {
		for ; bit != 0; bit &= bit - 1 {
			f(w*64 + bits.TrailingZeros64(bit))
		}
	}
}

// orderSC computes the sets of seq-cst events before e.
func (x *explorer) orderSC(e *event) {
	e.preF, e.postF, e.pre, e.post = scSet{}, scSet{}, scSet{}, scSet{}
	for _, s := range x.sc {
		if s.loc == nil && s.before(e) {
			e.preF.add(s.sc)
		}
	}
	e.pre = e.preF
	if e.sc >= 0 && e.loc != nil {
		e.pre.add(e.sc)
		e.post.add(e.sc)
	}
}

// commitSC adds e to the seq-cst events, with its edges from earlier ones.
func (x *explorer) commitSC(e *event) {
	for _, s := range x.sc {
		if x.ordered(s, e) {
			x.psc[s.sc].add(e.sc)
		}
	}
	x.sc = append(x.sc, e)
	x.psc[e.sc] = scSet{}
	if e.loc == nil {
		for _, t := range x.threads {
			for _, y := range t.events[:min(int(e.vc[t.id]), len(t.events))] {
				if y != e {
					y.postF.add(e.sc)
					y.post.add(e.sc)
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
		edges[e.sc] = scSet{}
		for _, s := range x.sc {
			if x.ordered(s, e) {
				edges[s.sc].add(e.sc)
			}
		}
	}
	if n < 2 {
		return true
	}
	pair := func(a, b *event) {
		if b.write && a.msg.pos < b.msg.pos { // mo, or fr
			a.pre.each(func(i int) { edges[i].addAll(&b.post) })
		} else if !b.write && a.msg.pos < b.msg.pos || a.write && !b.write && a.msg == b.msg { // the rest of eco
			a.preF.each(func(i int) { edges[i].addAll(&b.postF) })
		}
	}
	for _, l := range x.locs {
		for _, a := range l.accs {
			if a.pre.empty() {
				continue
			}
			for _, b := range l.accs {
				if a != b && !b.post.empty() {
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
func acyclic(edges []scSet) bool {
	var left scSet
	for i := range edges {
		left.add(i)
	}
	for again := true; again && !left.empty(); {
		again = false
		left.each(func(i int) {
			for w, to := range edges[i] {
				if to&left[w] != 0 {
					return
				}
			}
			left[i/64] &^= 1 << (i % 64)
			again = true
		})
	}
	return left.empty()
}
