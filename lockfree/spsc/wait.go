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
}

// wake wakes whoever waits at e, if anybody does. The caller has fenced since
// the change that makes it worth while.
func (e *end) wake() {
	if e.parker.Waiting() {
		e.wakeWaiter()
	}
}

func (e *end) wakeWaiter() {
	if e.parker.Wake() {
		e.waker.Wake()
	}
}

// spins is how often a spinning end looks before it calls the scheduler.
const spins = 256

// wait returns nil as soon as ready returns true, and the cause when ctx is
// done before. The caller is the owner of e, ready is about the other end.
func (c *core[T]) wait(ctx context.Context, e *end, ready func() bool) error {
	looks := 1
	switch c.strategy {
	case Park:
		return e.parker.WaitContext("spsc", ctx, ready)
	case Spin:
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

// poll has w woken after the next step of the other end, and reports whether it
// will: not if ready returns true. The caller is the owner of e.
func (c *core[T]) poll(w waker.Waker, e *end, ready func() bool) bool {
	if ready() {
		return false
	}
	e.waker.Register(w)
	for e.parker.Poll("spsc") { // A permit was left from an earlier wait.
	}
	c.announceFence()
	return !ready()
}
