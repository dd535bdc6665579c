//go:build !model

package litesync_test

import (
	"sync"
	"testing"

	"github.com/litesync/litesync"
)

// Store buffering with the fence on one side only: at least one of the two
// loads sees the other side's store.
func TestFenceHeavy(t *testing.T) {
	if !litesync.CanFenceHeavy() {
		t.Skip("no membarrier here")
	}
	n := 20_000
	if testing.Short() {
		n /= 20
	}
	x, y := make([]litesync.Uint32, n*32), make([]litesync.Uint32, n*32)
	var round litesync.Uint32
	var wg sync.WaitGroup
	sawX, sawY := make([]uint32, n), make([]uint32, n)
	wg.Go(func() {
		for i := range n {
			for round.LoadAcquire() < uint32(i+1) {
				litesync.Pause()
			}
			x[i*32].StoreRelease(1)
			sawY[i] = y[i*32].LoadRelaxed()
		}
	})
	wg.Go(func() {
		for i := range n {
			round.Store(uint32(i + 1))
			y[i*32].StoreRelease(1)
			litesync.FenceHeavy()
			sawX[i] = x[i*32].LoadRelaxed()
		}
	})
	wg.Wait()
	for i := range n {
		if sawX[i] == 0 && sawY[i] == 0 {
			t.Fatalf("round %d: neither side saw the other", i)
		}
	}
}
