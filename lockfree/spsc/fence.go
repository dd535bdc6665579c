package spsc

import "github.com/litesync/litesync"

// # The fence of the hot side
//
// Between an end's step and its look at the other end stands a full fence. It
// makes the step wait until the other processor gives up the cache line that
// was written, which more than halves the throughput of a dense stream. But a
// stream is dense when nobody sleeps. So an end that has found nobody for long
// leaves the fence out, it is light, and who is to be found then pays for both
// with litesync.FenceHeavy: some microseconds. An end that wakes somebody is no
// longer light, so two ends that sleep in turn only ever pay for the fence.
//
//	a step                      an announcement (or a flag of Close)
//	publish                     announce
//	light? else full fence      full fence
//	look for announcements      is the stepping end light? FenceHeavy
//	                            look for what was published
//
// To become light is itself an announcement: light = 1, full fence, and only
// then a step without one. Either that fence is first, and who announces sees
// the 1, or it is second, and every later look finds the announcement. To stop
// is a release store: who reads the 0 sees all that was published light.

// isLight reports whether e's steps go without a fence.
func (e *end) isLight() bool {
	// ORDERING: relaxed; e's owner alone writes it.
	return e.light.LoadRelaxed() != 0
}

// fence stands between a step that took e, which is not light, to pos, and the
// look at the other end.
func (e *end) fence(pos uintptr) {
	// ORDERING: full fence; pairs with fenceAgainst.
	litesync.FenceSeqCst()
	if uint32(pos)-e.calm >= calmSteps {
		e.lighten(pos)
	}
}

// lighten makes e light, if the system has a heavy fence.
func (e *end) lighten(pos uintptr) {
	e.calm = uint32(pos)
	if !litesync.FenceHeavy() {
		return
	}
	// ORDERING: relaxed, with the full fence behind it; pairs with fenceAgainst.
	e.light.StoreRelaxed(1)
	litesync.FenceSeqCst()
}

// wakePeer wakes whoever waits at peer. What for is a step of e to pos.
func (e *end) wakePeer(peer *end, pos uintptr) {
	if peer.parker.Waiting() {
		e.calm = uint32(pos)
		// ORDERING: release, of the steps without a fence before, to the acquire
		// load in fenceAgainst.
		e.light.StoreRelease(0)
		peer.wake()
	}
}

// fenceAgainst stands between an announcement to e's owner and the look at what
// e's owner has published.
func (e *end) fenceAgainst() {
	// ORDERING: full fence; pairs with the ones in fence and lighten.
	litesync.FenceSeqCst()
	// ORDERING: acquire; pairs with the store in found.
	if e.light.LoadAcquire() != 0 {
		litesync.FenceHeavy()
	}
}
