package model

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"unsafe"
)

// randomProgram returns a program of a few threads that do a few random
// operations on two variables, and put what they read into the outcome.
func randomProgram(r *rand.Rand, outcomes map[string]bool) func(m *T) {
	var threads [][]func(vars []uint64) uint64
	n := 2 + r.IntN(2)
	for range n {
		var ops []func(vars []uint64) uint64
		for range 5 - n {
			o, v, k := Order(r.IntN(5)), r.IntN(2), uint64(1+r.IntN(2))
			word := func(vars []uint64) unsafe.Pointer { return unsafe.Pointer(&vars[v]) }
			switch r.IntN(8) {
			case 0, 1, 2:
				ops = append(ops, func(vars []uint64) uint64 { return Load(word(vars), Word64, o).N })
			case 3, 4:
				ops = append(ops, func(vars []uint64) uint64 { Store(word(vars), Word64, Word{N: k}, o); return 0 })
			case 5:
				ops = append(ops, func(vars []uint64) uint64 {
					was, _ := Update(word(vars), Word64, Swap, Word{}, Word{N: k}, o)
					return was.N
				})
			case 6:
				ops = append(ops, func(vars []uint64) uint64 {
					was, _ := Update(word(vars), Word64, CompareAndSwap, Word{N: k - 1}, Word{N: k}, o)
					return was.N
				})
			case 7:
				ops = append(ops, func(vars []uint64) uint64 { Fence(o); return 0 })
			}
		}
		threads = append(threads, ops)
	}
	return func(m *T) {
		vars := make([]uint64, 2)
		read := make([][]uint64, len(threads))
		for i, ops := range threads {
			m.Go(func() {
				for _, op := range ops {
					read[i] = append(read[i], op(vars))
				}
			})
		}
		m.Join()
		for v := range vars {
			read = append(read, []uint64{Load(unsafe.Pointer(&vars[v]), Word64, Relaxed).N})
		}
		outcomes[fmt.Sprint(read)] = true
	}
}

// The reduction loses no outcome, under a bound or without.
func TestReduction(t *testing.T) {
	programs := 40
	if testing.Short() {
		programs = 10
	}
	unreduced, reduced, outcomes := 0, 0, 0
	for seed := range programs {
		for bound := range 3 {
			explore := func(unreduced bool) (map[string]bool, int) {
				found := map[string]bool{}
				runs := 0
				logf := func(_ string, args ...any) { runs = args[0].(int) }
				body := randomProgram(rand.New(rand.NewPCG(uint64(seed), 0)), found)
				if msg := Explore("random", Options{Preemptions: bound, unreduced: unreduced}, body, logf); msg != "" {
					t.Fatal(msg)
				}
				return found, runs
			}
			all, n := explore(true)
			some, k := explore(false)
			if !maps.Equal(all, some) {
				t.Errorf("program %d with bound %d: outcomes %v, reduced %v", seed, bound,
					slices.Sorted(maps.Keys(all)), slices.Sorted(maps.Keys(some)))
			}
			unreduced, reduced, outcomes = unreduced+n, reduced+k, outcomes+len(all)
		}
	}
	t.Logf("%d executions, %d reduced, %d outcomes", unreduced, reduced, outcomes)
}
