//go:build !model

package channel

import (
	"time"

	"github.com/litesync/litesync"
)

const (
	// fenceTime is what the fence adds to a step.
	fenceTime = 4 * time.Nanosecond

	leastCalmAfter = 1 << 8
	// MostCalmAfter is after how many steps an end becomes calm, at most.
	MostCalmAfter = 1 << 14
)

// heavy is how many steps with a fence take as long as the last heavy fence of
// any channel did, 0 before the first. That is half a microsecond while only one thread of
// the process runs, and grows with their number.
var heavy litesync.Uint32

// calmAfter is after how many steps without a wake an end becomes calm: when it
// has spent as much on fences as the heavy fence may cost that will end the
// calm. So it never pays more than twice what it would if it knew when the
// next wake comes (the ski rental problem; Karlin, Manasse, Rudolph and Sleator,
// "Competitive snoopy caching", Algorithmica 3, 1988).
func calmAfter() uint32 {
	// ORDERING: relaxed; a hint.
	return max(heavy.LoadRelaxed(), leastCalmAfter)
}

// fenceHeavy is litesync.FenceHeavy, and learns how long it takes.
func fenceHeavy() {
	start := time.Now()
	litesync.FenceHeavy()
	// ORDERING: relaxed; a hint.
	heavy.StoreRelaxed(uint32(min(time.Since(start)/fenceTime, MostCalmAfter)))
}
