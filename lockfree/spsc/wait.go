package spsc

import (
	"context"

	"github.com/litesync/litesync"
	"github.com/litesync/litesync/internal/park"
	"github.com/litesync/litesync/lockfree/waker"
)

// end is how one end waits, and is found waiting by the other.
type end struct {
	// parker says whether the end sleeps, has polled or does neither.
	parker park.Parker
	// waker is whom to wake if it has polled.
	waker waker.Atomic
	// calm is the end's position, its low half, when it last found the other one
	// waiting.
	calm uint32
	// light is 1 while the end's steps go without a fence, else 0; see fence.go.
	light litesync.Uint32
}

// spins is how often a waiting end looks before it calls the scheduler.
const spins = 256

// wake wakes whoever waits at e, without effect if nobody does. The caller has
// fenced since the change that makes it worth while.
func (e *end) wake() {
	if e.parker.Waiting() && e.parker.Wake() {
		e.waker.Wake()
	}
}

// wait returns nil as soon as ready does not return false, and the cause when
// ctx is done before. The end e waits for a step of peer.
func (e *end) wait(ctx context.Context, peer *end, s Strategy, ready func() bool) error {
	if s == Park {
		return e.parker.WaitContext("spsc", ctx, func() bool {
			if e.parker.Waiting() { // The look after the announcement.
				peer.fenceAgainst()
			}
			return ready()
		})
	}
	looks := 1
	if s == Spin {
		looks = spins
	}
	for {
		for range looks {
			litesync.Pause()
			if ready() {
				return nil
			}
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		park.Yield()
	}
}

// poll has w woken after the next step of peer, and reports whether it is worth
// waiting for: not if ready returns true.
func (e *end) poll(w waker.Waker, peer *end, ready func() bool) bool {
	if ready() {
		return false
	}
	e.waker.Register(w)
	for e.parker.Poll("spsc") { // A permit left from an earlier wait.
	}
	peer.fenceAgainst()
	return !ready()
}
