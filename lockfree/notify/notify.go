// Package notify tells one waiter that something has happened.
//
// A Notify holds a permit, or not. NotifyOne leaves one, Wait takes it, and
// blocks while there is none. Notifications that come before the waiter has
// taken the first are one: it is the counterpart of a channel of capacity one
// that is sent to with select and default.
package notify

import (
	"context"
	"time"

	"github.com/litesync/litesync/internal/misuse"
	"github.com/litesync/litesync/internal/park"
	"github.com/litesync/litesync/lockfree/waker"
)

// Notify notifies one waiter. The zero value is ready and holds no permit. It
// must not be copied.
//
// Any number of goroutines may notify. One at a time may wait or poll; a second
// one panics, and the first is not harmed. What was done before NotifyOne
// happened before the call that takes its permit returns.
//
// Wait and its twins may spin for a short while, or let others run, before they
// sleep.
//
// A Notify has 32 bytes on 64-bit systems: 8 for the count of notifications or
// who sleeps, 8 that are the waiter's own, for how many of them it has seen and
// whether it pays not to sleep at once, and 16 for the Waker of Poll. With the
// tag purego, in race builds, and on Go releases and systems on which package
// runtime cannot put the waiter to sleep, it has 8 more, for what it sleeps on.
type Notify struct {
	p park.Parker
	w waker.Atomic // for Poll
}

// user is who package park blames.
const user = "notify"

// NotifyOne leaves the permit, if there is none, and wakes the waiter. It does
// not block and, but for a Waker that it may call, is wait-free.
func (n *Notify) NotifyOne() {
	if n.p.Add() {
		n.rouse()
	}
}

// rouse is apart so that the rest of NotifyOne is inlined.
func (n *Notify) rouse() {
	if n.p.Rouse() {
		n.w.Wake()
	}
}

// Wait takes the permit, and blocks until there is one.
func (n *Notify) Wait() {
	if misuse.On {
		defer misuse.Enter(n, "notify: Notify.Wait")()
	}
	if n.p.TryTake() {
		return
	}
	// Park would pass as well, but one return deeper.
	if start, may := n.p.MayPass(); may {
		park.Pass()
		if n.p.Passed(start, n.p.TryTake()) {
			return
		}
	}
	n.p.Park(user)
}

// WaitContext is Wait that gives up when ctx is done, and then returns its
// cause. A permit that is there is taken, whatever ctx says; one that arrives
// while it gives up is taken, and the result is nil, or is kept. With a context
// that can be done, a call that sleeps allocates; and if the context is not one
// of package context, nor made from one, nor has a method AfterFunc, it starts
// a goroutine that ends with the sleep: the rule of context.AfterFunc. A nil ctx
// panics.
func (n *Notify) WaitContext(ctx context.Context) error {
	if misuse.On {
		defer misuse.Enter(n, "notify: Notify.WaitContext")()
	}
	if ctx == nil {
		panic("notify: Notify.WaitContext: ctx is nil")
	}
	return n.p.ParkContext(user, ctx)
}

// WaitTimeout is Wait that gives up after d, and reports whether it has taken
// a permit. One that arrives while it gives up is taken or kept. With d <= 0 it
// is TryWait. A call that sleeps allocates.
func (n *Notify) WaitTimeout(d time.Duration) bool {
	if misuse.On {
		defer misuse.Enter(n, "notify: Notify.WaitTimeout")()
	}
	return n.p.ParkTimeout(user, d)
}

// TryWait takes the permit if there is one, and reports whether there was. It
// does not block.
func (n *Notify) TryWait() bool {
	if misuse.On {
		defer misuse.Enter(n, "notify: Notify.TryWait")()
	}
	return n.p.TryTake()
}

// Poll takes the permit and returns true, or registers w to be woken once
// a permit comes, and returns false. It does not block. A later Poll or wait
// replaces w; w may be woken without cause, also within Poll. A nil w panics.
func (n *Notify) Poll(w waker.Waker) bool {
	if misuse.On {
		defer misuse.Enter(n, "notify: Notify.Poll")()
	}
	if w == nil {
		panic("notify: Notify.Poll: w is nil")
	}
	if n.p.TryTake() {
		return true
	}
	n.w.Register(w)
	return n.p.Poll(user)
}
