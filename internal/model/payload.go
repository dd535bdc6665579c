package model

import "unsafe"

// shadow remembers the last plain accesses to a variable.
type shadow struct {
	write access
	reads []access // since then, one for each thread that has read
}

type access struct {
	th    *thread
	epoch uint16 // happens before whoever knows this many events of th
	at    string // the source line, if a failure is replayed
}

// races reports whether a is not ordered before what t does now.
func (a *access) races(t *thread) bool { return a.th != nil && a.th != t && t.vc[a.th.id] < a.epoch }

// WillRead announces plain reads of the size bytes at p. Accesses that overlap
// are told apart by their start, so announce the parts that others announce.
func WillRead(p unsafe.Pointer, size uintptr) { touch(p, size, false) }

// WillWrite announces plain writes of the size bytes at p.
func WillWrite(p unsafe.Pointer, size uintptr) { touch(p, size, true) }

func touch(p unsafe.Pointer, size uintptr, write bool) {
	x := current
	if x == nil || size == 0 {
		return
	}
	if x.stopped {
		panic(abort{})
	}
	t := x.cur
	s := x.shadows[p]
	if s == nil {
		s = x.freeShadows.next()
		*s = shadow{reads: s.reads[:0]}
		x.shadows[p] = s
	}
	now := access{th: t, epoch: t.vc[t.id] + 1}
	what := "reads"
	if write {
		what = "writes"
	}
	if x.trace != nil {
		site := x.here(what)
		now.at = site.line
		x.trace.add(t, site, what+" payload", "")
	}
	if s.write.races(t) {
		x.fail("data race: %s %s what %s has written at %s", t.name, what, s.write.th.name, s.write.at)
	}
	if !write {
		// What it reads is part of what it has seen.
		if w := s.write; w.th != nil {
			t.hist = mix(t.hist, mix(w.th.uid, uint64(w.epoch)))
		}
		for i := range s.reads {
			if s.reads[i].th == t {
				s.reads[i] = now
				return
			}
		}
		s.reads = append(s.reads, now)
		return
	}
	for i := range s.reads {
		if r := &s.reads[i]; r.races(t) {
			x.fail("data race: %s writes what %s reads at %s", t.name, r.th.name, r.at)
		}
	}
	s.write, s.reads = now, s.reads[:0]
}
