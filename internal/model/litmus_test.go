package model_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"unsafe"

	"github.com/litesync/litesync/internal/model"
)

const (
	rlx   = model.Relaxed
	acq   = model.Acquire
	rel   = model.Release
	acqRl = model.AcqRel
	sc    = model.SeqCst
)

// v is an atomic variable, aligned as such on 32-bit machines too.
type v struct {
	_ [0]atomic.Uint64
	n uint64
}

func (x *v) p() unsafe.Pointer { return unsafe.Pointer(&x.n) }

func (x *v) load(o model.Order) uint64     { return model.Load(x.p(), model.Word64, o).N }
func (x *v) store(n uint64, o model.Order) { model.Store(x.p(), model.Word64, model.Word{N: n}, o) }

func (x *v) add(d uint64, o model.Order) uint64 {
	old, _ := model.Update(x.p(), model.Word64, model.Add, model.Word{}, model.Word{N: d}, o)
	return old.N
}

func (x *v) swap(n uint64, o model.Order) uint64 {
	old, _ := model.Update(x.p(), model.Word64, model.Swap, model.Word{}, model.Word{N: n}, o)
	return old.N
}

func (x *v) cas(old, n uint64, o model.Order) bool {
	_, ok := model.Update(x.p(), model.Word64, model.CompareAndSwap, model.Word{N: old}, model.Word{N: n}, o)
	return ok
}

func fence(o model.Order) { model.Fence(o) }

// litmus is a program with all its outcomes: what is not listed is forbidden.
// The threads put what they read into r.
type litmus struct {
	name    string
	threads func(x, y *v, r []uint64) []func()
	last    bool   // the outcome ends with the last values of x and y
	allowed string // outcomes, digits of r, between spaces
}

var litmuses = []litmus{
	{"store buffering, relaxed", sb(rlx, rlx, rlx, rlx), false, "00 01 10 11"},
	{"store buffering, release and acquire", sb(rel, acq, rlx, rlx), false, "00 01 10 11"},
	{"store buffering, seqcst", sb(sc, sc, rlx, rlx), false, "01 10 11"},
	{"store buffering, acqrel fences", sb(rlx, rlx, acqRl, acqRl), false, "00 01 10 11"},
	{"store buffering, seqcst fences", sb(rlx, rlx, sc, sc), false, "01 10 11"},
	{"store buffering, one fence", sb(rlx, rlx, sc, rlx), false, "00 01 10 11"},
	{"store buffering, seqcst stores and acquire loads", sb(sc, acq, rlx, rlx), false, "00 01 10 11"},
	{"store buffering, seqcst accesses against a fence", func(x, y *v, r []uint64) []func() {
		return []func(){
			func() { x.store(1, sc); r[0] = y.load(sc) },
			func() { y.store(1, rlx); fence(sc); r[1] = x.load(rlx) },
		}
	}, false, "01 10 11"},
	{"store buffering, heavy fence against none", func(x, y *v, r []uint64) []func() {
		return []func(){
			func() { x.store(1, rlx); model.FenceHeavy(); r[0] = y.load(rlx) },
			func() { y.store(1, rlx); r[1] = x.load(rlx) },
		}
	}, false, "01 10 11"},
	{"store buffering, heavy fence before the store", func(x, y *v, r []uint64) []func() {
		return []func(){
			func() { model.FenceHeavy(); x.store(1, rlx); r[0] = y.load(rlx) },
			func() { y.store(1, rlx); r[1] = x.load(rlx) },
		}
	}, false, "00 01 10 11"},
	{"store buffering, heavy fence against two", func(x, y *v, r []uint64) []func() {
		var z v
		return []func(){
			func() { x.store(1, rlx); model.FenceHeavy(); r[0] = y.load(rlx); r[2] = z.load(rlx) },
			func() { y.store(1, rlx); r[1] = x.load(rlx) },
			func() { z.store(1, rlx); r[3] = x.load(rlx) },
		}
	}, false, "0101 0110 0111 1001 1010 1011 1101 1110 1111"},
	{"store buffering, swaps and relaxed loads", func(x, y *v, r []uint64) []func() {
		return []func(){
			func() { x.swap(1, sc); r[0] = y.load(rlx) },
			func() { y.swap(1, sc); r[1] = x.load(rlx) },
		}
	}, false, "00 01 10 11"},
	{"store buffering, swaps", func(x, y *v, r []uint64) []func() {
		return []func(){
			func() { x.swap(1, sc); r[0] = y.load(sc) },
			func() { y.swap(1, sc); r[1] = x.load(sc) },
		}
	}, false, "01 10 11"},
	{"store buffering, through one word", func(x, y *v, r []uint64) []func() {
		var w v
		return []func(){
			func() { x.store(1, rlx); w.add(0, acqRl); r[0] = y.load(rlx) },
			func() { y.store(1, rlx); w.add(0, acqRl); r[1] = x.load(rlx) },
		}
	}, false, "01 10 11"},

	{"message passing, relaxed", mp(rlx, rlx, rlx, rlx), false, "00 01 10 11"},
	{"message passing, release only", mp(rel, rlx, rlx, rlx), false, "00 01 10 11"},
	{"message passing, acquire only", mp(rlx, acq, rlx, rlx), false, "00 01 10 11"},
	{"message passing, release and acquire", mp(rel, acq, rlx, rlx), false, "00 01 11"},
	{"message passing, fences", mp(rlx, rlx, rel, acq), false, "00 01 11"},
	{"message passing, release fence and acquire", mp(rlx, acq, rel, rlx), false, "00 01 11"},
	{"message passing, release and acquire fence", mp(rel, rlx, rlx, acq), false, "00 01 11"},
	{"message passing, wrong fences", mp(rlx, rlx, acq, rel), false, "00 01 10 11"},
	{"message passing, heavy fence", func(x, y *v, r []uint64) []func() {
		return []func(){
			func() { x.store(1, rlx); model.FenceHeavy(); y.store(1, rlx) },
			func() { r[0] = y.load(rlx); r[1] = x.load(rlx) },
		}
	}, false, "00 01 11"},

	{"release sequence, read-modify-write of another", func(x, y *v, r []uint64) []func() {
		return []func(){
			func() { x.store(1, rlx); y.store(1, rel) },
			func() { y.cas(1, 2, rlx) },
			func() { r[0] = y.load(acq); r[1] = x.load(rlx) },
		}
	}, false, "00 01 11 21"},
	{"release sequence, broken by a store", func(x, y *v, r []uint64) []func() {
		return []func(){
			func() { x.store(1, rlx); y.store(1, rel); y.store(2, rlx) },
			func() { r[0] = y.load(acq); r[1] = x.load(rlx) },
		}
	}, false, "00 01 11 20 21"},

	{"load buffering, relaxed", lb(rlx, rlx, rlx), false, "00 01 10"},
	{"load buffering, acquire and release", lb(acq, rel, rlx), false, "00 01 10"},
	{"load buffering, seqcst fences", lb(rlx, rlx, sc), false, "00 01 10"},

	{"independent reads, relaxed", iriw(rlx, rlx, rlx), false, iriwAll},
	{"independent reads, acquire", iriw(acq, rlx, rlx), false, iriwAll},
	{"independent reads, seqcst", iriw(sc, rlx, sc), false, strings.Replace(iriwAll, " 1010", "", 1)},
	{"independent reads, acqrel fences", iriw(rlx, acqRl, rlx), false, iriwAll},
	{"independent reads, seqcst fences", iriw(rlx, sc, rlx), false, strings.Replace(iriwAll, " 1010", "", 1)},

	{"2+2W, relaxed", w22(rlx, rlx), true, "11 12 21 22"},
	{"2+2W, release", w22(rel, rlx), true, "11 12 21 22"},
	{"2+2W, acqrel fences", w22(rlx, acqRl), true, "11 12 21 22"},
	{"2+2W, seqcst", w22(sc, rlx), true, "12 21 22"},
	{"2+2W, seqcst fences", w22(rlx, sc), true, "12 21 22"},

	{"coherence of reads", func(x, _ *v, r []uint64) []func() {
		return []func(){
			func() { x.store(1, rlx); x.store(2, rlx) },
			func() { r[0] = x.load(rlx); r[1] = x.load(rlx) },
		}
	}, false, "00 01 02 11 12 22"},
	{"coherence of reads, fences", func(x, _ *v, r []uint64) []func() {
		return []func(){
			func() { x.store(1, rlx); fence(sc); x.store(2, rlx) },
			func() { r[0] = x.load(rlx); fence(sc); r[1] = x.load(rlx) },
		}
	}, false, "00 01 02 11 12 22"},
	{"coherence of writes", func(x, _ *v, r []uint64) []func() {
		return []func(){
			func() { x.store(1, rlx); x.store(2, rlx) },
			func() { r[0] = x.swap(3, rlx) },
		}
	}, true, "020 120 230"},
	{"coherence of two writers", func(x, _ *v, r []uint64) []func() {
		return []func(){
			func() { x.store(1, rlx) },
			func() { x.store(2, rlx) },
			func() { r[0] = x.load(rlx); r[1] = x.load(rlx) },
			func() { r[2] = x.load(rlx); r[3] = x.load(rlx) },
		}
	}, false, coherent()},
	{"coherence of a write after a read", func(x, _ *v, r []uint64) []func() {
		return []func(){
			func() { r[0] = x.load(rlx); x.store(1, rlx) },
			func() { r[1] = x.load(rlx); x.store(2, rlx) },
		}
	}, true, "0010 0020 0120 2010"},
	{"coherence of a read after a write", func(x, _ *v, r []uint64) []func() {
		return []func(){
			func() { x.store(1, rlx); r[0] = x.load(rlx) },
			func() { x.store(2, rlx) },
		}
	}, true, "1010 1020 2020"},

	{"read-modify-writes are atomic", func(x, _ *v, r []uint64) []func() {
		return []func(){
			func() { r[0] = x.add(1, rlx) },
			func() { r[1] = x.add(1, rlx) },
		}
	}, true, "0120 1020"},
	{"compare-and-swap has one winner", func(x, _ *v, r []uint64) []func() {
		return []func(){
			func() {
				if x.cas(0, 1, rlx) {
					r[0] = 1
				}
			},
			func() {
				if x.cas(0, 2, rlx) {
					r[1] = 1
				}
			},
		}
	}, true, "0120 1010"},
	{"a swap goes behind what it read, before a store it has not seen", func(x, y *v, r []uint64) []func() {
		return []func(){
			func() { x.store(1, rlx); y.store(1, rlx) },
			func() { r[0] = y.load(rlx); r[1] = x.swap(2, rlx) },
		}
	}, true, "0011 0121 1011 1121"},
	{"S, relaxed", s(rlx, rlx), true, "0011 0021 1011 1021"},
	{"S, release and acquire", s(rel, acq), true, "0011 0021 1011"},
	{"R, seqcst", func(x, y *v, r []uint64) []func() {
		return []func(){
			func() { x.store(1, sc); y.store(1, sc) },
			func() { y.store(2, sc); r[0] = x.load(sc) },
		}
	}, true, "011 111 112"},
	{"R, release and acquire", func(x, y *v, r []uint64) []func() {
		return []func(){
			func() { x.store(1, rel); y.store(1, rel) },
			func() { y.store(2, rel); r[0] = x.load(acq) },
		}
	}, true, "011 012 111 112"},
	{"write-to-read causality, release and acquire", wrc(rel, acq), false, "000 001 010 011 100 101 111"},
	{"message passing through a third, release and acquire", func(x, y *v, r []uint64) []func() {
		var z v
		return []func(){
			func() { x.store(1, rlx); y.store(1, rel) },
			func() { r[0] = y.load(acq); z.store(1, rel) },
			func() { r[1] = z.load(acq); r[2] = x.load(rlx) },
		}
	}, false, "000 001 010 011 100 101 111"},
	{"write-to-read causality, relaxed", wrc(rlx, rlx), false, "000 001 010 011 100 101 110 111"},
}

func sb(st, ld, f0, f1 model.Order) func(x, y *v, r []uint64) []func() {
	return func(x, y *v, r []uint64) []func() {
		return []func(){
			func() { x.store(1, st); fence(f0); r[0] = y.load(ld) },
			func() { y.store(1, st); fence(f1); r[1] = x.load(ld) },
		}
	}
}

func mp(st, ld, f0, f1 model.Order) func(x, y *v, r []uint64) []func() {
	return func(x, y *v, r []uint64) []func() {
		return []func(){
			func() { x.store(1, rlx); fence(f0); y.store(1, st) },
			func() { r[0] = y.load(ld); fence(f1); r[1] = x.load(rlx) },
		}
	}
}

func lb(ld, st, f model.Order) func(x, y *v, r []uint64) []func() {
	return func(x, y *v, r []uint64) []func() {
		return []func(){
			func() { r[0] = x.load(ld); fence(f); y.store(1, st) },
			func() { r[1] = y.load(ld); fence(f); x.store(1, st) },
		}
	}
}

func iriw(ld, f, st model.Order) func(x, y *v, r []uint64) []func() {
	return func(x, y *v, r []uint64) []func() {
		return []func(){
			func() { x.store(1, st) },
			func() { y.store(1, st) },
			func() { r[0] = x.load(ld); fence(f); r[1] = y.load(ld) },
			func() { r[2] = y.load(ld); fence(f); r[3] = x.load(ld) },
		}
	}
}

const iriwAll = "0000 0001 0010 0011 0100 0101 0110 0111 1000 1001 1010 1011 1100 1101 1110 1111"

func w22(st, f model.Order) func(x, y *v, r []uint64) []func() {
	return func(x, y *v, _ []uint64) []func() {
		return []func(){
			func() { x.store(1, st); fence(f); y.store(2, st) },
			func() { y.store(1, st); fence(f); x.store(2, st) },
		}
	}
}

func s(st, ld model.Order) func(x, y *v, r []uint64) []func() {
	return func(x, y *v, r []uint64) []func() {
		return []func(){
			func() { x.store(2, rlx); y.store(1, st) },
			func() { r[0] = y.load(ld); x.store(1, rlx) },
		}
	}
}

func wrc(st, ld model.Order) func(x, y *v, r []uint64) []func() {
	return func(x, y *v, r []uint64) []func() {
		return []func(){
			func() { x.store(1, st) },
			func() { r[0] = x.load(ld); y.store(1, st) },
			func() { r[1] = y.load(ld); r[2] = x.load(ld) },
		}
	}
}

// coherent returns what two threads may read, twice each, of one variable to
// which 1 and 2 are stored: both must see one order.
func coherent() string {
	all := map[string]bool{}
	for _, order := range [][]int{{0, 1, 2}, {0, 2, 1}} {
		for i := range 3 {
			for j := i; j < 3; j++ {
				for k := range 3 {
					for l := k; l < 3; l++ {
						all[fmt.Sprint(order[i])+fmt.Sprint(order[j])+fmt.Sprint(order[k])+fmt.Sprint(order[l])] = true
					}
				}
			}
		}
	}
	return strings.Join(slices.Sorted(maps.Keys(all)), " ")
}

// outcomes runs a litmus test.
func (l litmus) outcomes(t *testing.T) string {
	all := map[string]bool{}
	model.Check(t, model.Options{}, func(m *model.T) {
		var x, y v
		var r [4]uint64
		read := 0
		if words := strings.Fields(l.allowed); len(words) > 0 {
			read = len(words[0])
		}
		for _, f := range l.threads(&x, &y, r[:]) {
			m.Go(f)
		}
		m.Join()
		out := ""
		if l.last {
			read -= 2
		}
		for _, n := range r[:read] {
			out += fmt.Sprint(n)
		}
		if l.last {
			out += fmt.Sprint(x.load(rlx), y.load(rlx))
		}
		all[strings.ReplaceAll(out, " ", "")] = true
	})
	return strings.Join(slices.Sorted(maps.Keys(all)), " ")
}

func TestLitmus(t *testing.T) {
	for _, l := range litmuses {
		t.Run(l.name, func(t *testing.T) {
			if got := l.outcomes(t); got != l.allowed {
				t.Errorf("outcomes %s\nwant     %s", got, l.allowed)
			}
		})
	}
}
