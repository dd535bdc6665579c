package channel

import (
	"context"

	"github.com/litesync/litesync"
	"github.com/litesync/litesync/internal/park"
	"github.com/litesync/litesync/lockfree/waker"
)

// # Hand-over
//
// To sleep and be woken takes as long as many steps, so as much as possible
// should go from hand to hand in between. A Send that is about to sleep lets
// the receiver have its value first (offers it), and then waits until there would
// have been room for it; a Recv that is about to sleep lets the sender have
// the room for its value first (claims it), and then waits for it. So capacity +
// 2 values go through a channel between one sleep and the next, as they do
// through a Go channel, where one goes to the receiver that sleeps and one
// comes from the sender.
//
// Both are steps like others, but ahead of time, and are signalled as such.
// So after the wait there is nothing to signal. Neither can be taken back
// while the channel is open; who may give up, because of a context, does
// without. A Close of the other end refuses what was offered (close.go), and
// leaves a claim without a meaning.

// spins is how often a spinning end looks before it calls the scheduler.
const spins = 256

// wait returns nil as soon as ready returns true, and the cause when ctx is done
// before.
func (e *condition) wait(ctx context.Context, ready, surely func() bool) error {
	looks := 1
	switch s := e.strategy; {
	case s == Park && ctx.Done() == nil:
		e.parker.Wait("spsc", ready, surely)
		return nil
	case s == Park:
		return e.parker.WaitContext("spsc", ctx, ready, surely)
	case s == Spin:
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
// will: not if ready returns true.
func (e *condition) poll(w waker.Waker, ready, surely func() bool) bool {
	if ready() {
		return false
	}
	e.waker.Register(w)
	for e.parker.Poll("spsc") { // A permit was left from an earlier wait.
	}
	return !surely()
}
