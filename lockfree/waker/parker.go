package waker

import (
	"context"
	"time"

	"github.com/litesync/litesync/internal/misuse"
	"github.com/litesync/litesync/internal/park"
)

// Parker parks one goroutine. It is a Waker. The zero value is ready. It must
// not be copied.
//
// A Wake that finds nobody parked is kept, and the next Park returns at once;
// one is kept at most. What was done before Wake happened before the Park that
// it ends returns.
//
// One goroutine at a time may park; a second one panics, and the first is not
// harmed. A Park may spin for a short while, or let others run, before it sleeps.
//
// A Parker has 16 bytes: 8 for the count of wakes or who sleeps, and 8 that are
// the parked goroutine's own, for how many of them it has seen and whether it
// pays not to sleep at once. With the tag purego, in race builds, and on Go
// releases and systems on which package runtime cannot put the goroutine to
// sleep, it has 8 more (4 on 32-bit systems, rounded up), for what it sleeps on.
type Parker struct {
	p park.Parker
}

// Park blocks until woken. It returns at once if woken since the last Park.
func (p *Parker) Park() {
	if misuse.On {
		defer misuse.Enter(p, "waker: Parker.Park")()
	}
	if p.p.TryTake() {
		return
	}
	if start, may := p.p.MayPass(); may { // The same in package park is two returns deeper.
		park.Pass()
		if p.p.Passed(start, p.p.TryTake()) {
			return
		}
	}
	p.p.Park(user)
}

// ParkContext is Park that gives up when ctx is done, and then returns its
// cause. If it was woken before it returns nil, whatever ctx says; a Wake that
// comes while it gives up is kept. A nil ctx panics.
//
// With a context that can be done, a call that sleeps allocates; and if the
// context is not one of package context, nor made from one, nor has a method
// AfterFunc, it starts a goroutine that ends with the sleep: the rule of
// context.AfterFunc.
func (p *Parker) ParkContext(ctx context.Context) error {
	if misuse.On {
		defer misuse.Enter(p, "waker: Parker.ParkContext")()
	}
	if ctx == nil {
		panic("waker: Parker.ParkContext: ctx is nil")
	}
	return p.p.ParkContext(user, ctx)
}

// ParkTimeout is Park that gives up after d, and reports whether it was woken.
// A Wake that comes while it gives up is kept. With d <= 0 it does not block.
// A call that sleeps allocates.
func (p *Parker) ParkTimeout(d time.Duration) bool {
	if misuse.On {
		defer misuse.Enter(p, "waker: Parker.ParkTimeout")()
	}
	return p.p.ParkTimeout(user, d)
}

// Wake ends a Park, this one or the next. It does not block, is wait-free, and
// may be called from any goroutine.
func (p *Parker) Wake() {
	if p.p.Add() {
		p.p.Rouse()
	}
}

// user is who package park blames.
const user = "waker"
