package spsc

import (
	"context"

	"github.com/litesync/litesync"
	"github.com/litesync/litesync/internal/park"
	"github.com/litesync/litesync/lockfree/waker"
)

// spins is how often a spinning end looks before it calls the scheduler.
const spins = 256

// wait returns nil as soon as ready, which is about e, returns true, and the
// cause when ctx is done before.
func (c *core[T]) wait(ctx context.Context, e *condition, ready func() bool) error {
	looks := 1
	switch {
	case c.strategy == Park && ctx.Done() == nil:
		e.parker.Wait("spsc", ready)
		return nil
	case c.strategy == Park:
		return e.parker.WaitContext("spsc", ctx, ready)
	case c.strategy == Spin:
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
// will: not if ready, which is about e, returns true.
func (c *core[T]) poll(w waker.Waker, e *condition, ready func() bool) bool {
	if ready() {
		return false
	}
	e.waker.Register(w)
	for e.parker.Poll("spsc") { // A permit was left from an earlier wait.
	}
	return !ready()
}
