package spsc

import "github.com/litesync/litesync"

// # The fence between a step and the look at the other end
//
// A step publishes, then looks whether the other end waits or has closed. Who
// waits or closes announces it, then looks at what is published. With a full
// fence between the two on both sides, one of them sees the other.
//
// The fence of the step makes it wait until the other processor gives up the
// cache lines that were written: in a dense stream as long as the rest of the
// step takes. With Yield and Spin nobody sleeps, and only Poll and Close
// announce anything. There the step goes without, light, and the announcement
// pays for both sides with litesync.FenceHeavy, some microseconds. With Park
// this does not pay: a heavy fence holds both ends up for so long that the other
// one goes to sleep too, and a stream gets slower, not faster.

// stepFence stands between a step and the look at the other end.
func (c *core[T]) stepFence() {
	if !c.light {
		// ORDERING: full fence; pairs with announceFence.
		litesync.FenceSeqCst()
	}
}

// announceFence stands between an announcement and the look at what the other
// end has published.
func (c *core[T]) announceFence() {
	// ORDERING: full fence; pairs with stepFence.
	litesync.FenceSeqCst()
	if c.light {
		litesync.FenceHeavy()
	}
}
