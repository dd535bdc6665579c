package litesync_test

import (
	"runtime"
	"testing"

	"github.com/litesync/litesync"
)

var statics [2]struct{ p *int }

// A pointer goes from static to heap and back, in a word that the collector
// scans all the while.
func TestPointerStatic(t *testing.T) {
	type cell = struct{ p *int }
	var x litesync.Pointer[cell]
	if x.CompareAndSwapStatic(&statics[0], &statics[1]) {
		t.Error("swapped what was not there")
	}
	for i := range 1000 {
		if !x.CompareAndSwapStatic(nil, &statics[0]) || x.Load() != &statics[0] {
			t.Fatal("not swapped")
		}
		x.StoreReleaseStatic(&statics[1])
		heap := &cell{new(int)}
		*heap.p = i
		if !x.CompareAndSwap(&statics[1], heap) {
			t.Fatal("not swapped")
		}
		heap = nil
		if i%50 == 0 {
			runtime.GC()
		}
		if got := x.Load(); *got.p != i {
			t.Fatalf("%d, want %d", *got.p, i)
		}
		if x.CompareAndSwapStatic(nil, &statics[1]) {
			t.Fatal("swapped what was not there")
		}
		x.Reset()
		if x.Load() != nil {
			t.Fatal("not reset")
		}
	}
}
