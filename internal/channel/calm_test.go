//go:build !model

package channel

import (
	"testing"

	"github.com/litesync/litesync"
	"github.com/litesync/litesync/lockfree/waker"
)

// An end is calm after as many steps without a wake as the last heavy fence cost,
// within bounds, and who disturbs it notes what that has cost.
func TestCalmAfter(t *testing.T) {
	if !litesync.CanFenceHeavy() {
		t.Skip("no end becomes calm here")
	}
	defer heavy.Store(heavy.Load())
	for _, cost := range []uint32{0, leastCalmAfter, 1000, MostCalmAfter} {
		heavy.Store(cost)
		var c small
		s, r := c.ends(1)
		steps := func(until *condition) {
			t.Helper()
			for n := range max(cost, leastCalmAfter) {
				if until.isCalm() {
					t.Fatalf("cost %d: calm after %d steps", cost, n)
				}
				SendStep(s)
				RecvStep(r)
			}
		}
		steps(&s.items)
		if !s.items.isCalm() || !r.room().isCalm() {
			t.Fatalf("cost %d: calm %v and %v", cost, s.items.isCalm(), r.room().isCalm())
		}
		const never = MostCalmAfter + 1
		heavy.Store(never)
		if err := r.Poll(waker.Func(func() {})); err != ErrEmpty || s.items.isCalm() || !r.room().isCalm() {
			t.Fatalf("cost %d: Poll %v, then calm %v and %v", cost, err, s.items.isCalm(), r.room().isCalm())
		}
		if heavy.Load() == never {
			t.Fatal("nothing was learnt")
		}
		heavy.Store(cost)
		SendStep(s) // wakes
		RecvStep(r)
		if steps(&s.items); !s.items.isCalm() {
			t.Fatalf("cost %d: not calm again", cost)
		}
	}
}
