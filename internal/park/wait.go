package park

import (
	"context"
	"time"

	"github.com/litesync/litesync"
)

// Park blocks until there is a permit, and takes it.
func (p *Parker) Park(user string) {
	if !p.TryTake() {
		p.wait(user, nil, nil)
	}
}

// ParkContext is Park that gives up when ctx is done and then returns its cause.
// A permit is taken before ctx is looked at; one that arrives while it gives up
// is taken or stays.
func (p *Parker) ParkContext(user string, ctx context.Context) error {
	if p.TryTake() || p.wait(user, nil, &limit{ctx: ctx}) {
		return nil
	}
	return context.Cause(ctx)
}

// ParkTimeout is Park that gives up after d and then returns false. With d <= 0
// it is TryTake.
func (p *Parker) ParkTimeout(user string, d time.Duration) bool {
	return p.TryTake() || d > 0 && p.wait(user, nil, &limit{deadline: time.Now().Add(d)})
}

// Wait blocks until try returns true. Between a change that may turn try true
// and Waiting, or Wake, there must be a full fence; Wake alone is one.
func (p *Parker) Wait(user string, try func() bool) {
	p.wait(user, try, nil)
}

// WaitContext is Wait that gives up when ctx is done and then returns its
// cause. It calls try before it looks at ctx.
func (p *Parker) WaitContext(user string, ctx context.Context, try func() bool) error {
	if p.wait(user, try, &limit{ctx: ctx}) {
		return nil
	}
	return context.Cause(ctx)
}

// wait is the one place where the wait protocol stands. It returns true when
// try has, or, if try is nil, when it has taken a permit; false when the limit
// is over. There is no limit if l is nil.
func (p *Parker) wait(user string, try func() bool, l *limit) bool {
	look := try
	if look == nil {
		look = p.TryTake
	}
	for !look() {
		if l != nil && l.over() {
			return false
		}
		if p.spin(look) {
			return true
		}
		woken := !p.announce(user, announced)
		if !woken && try != nil {
			// ORDERING: full fence; pairs with the one between the waker's
			// change and its look at Waiting. A permit needs neither fence nor
			// look: it is in the word that was just changed.
			litesync.FenceSeqCst()
			if try() {
				p.withdraw()
				return true
			}
		}
		if !woken {
			woken = p.sleep(l)
		}
		if woken && try == nil {
			return true
		}
	}
	return true
}

// sleep sleeps after announce until woken or the limit is over, and reports
// whether it has taken a permit.
func (p *Parker) sleep(l *limit) bool {
	if l == nil {
		p.seat.sleep(p)
		return p.TryTake()
	}
	stop := l.start(p)
	p.seat.sleep(p)
	if stop != nil {
		stop()
	}
	return p.TryTake()
}

// Spinning. A waiter that is likely to be served soon looks for a while before
// it sleeps. Whether it is likely, it learns from its own past: each spin in
// vain halves the next, and after spinGiveUp of them there is none but a short
// one, to probe, every spinProbe waits.
const (
	// spinFor is how long the first spin takes: about as long as it takes to
	// sleep and to be woken by a thread that runs.
	spinFor    = 3 * time.Microsecond
	spinGiveUp = 5
	spinProbe  = 64
)

// spinLooks is how many looks, each after a pause, take spinFor. A pause takes
// from 1 to 100 ns, depending on the CPU.
var spinLooks = func() uint {
	const pauses = 16
	took := time.Duration(time.Hour)
	for range 3 { // The fastest is the one that nothing interrupted.
		start := time.Now()
		for range pauses {
			litesync.Pause()
		}
		took = min(took, time.Since(start))
	}
	return uint(spinFor * pauses / max(took, pauses))
}()

// spin calls look for a while and reports whether it returned true.
func (p *Parker) spin(look func() bool) bool {
	if p.miss >= spinGiveUp {
		if p.miss++; p.miss < spinGiveUp+spinProbe {
			return false
		}
		p.miss = spinGiveUp - 1
	}
	for range spinLooks >> p.miss {
		if !canSpin(0) {
			return false
		}
		litesync.Pause()
		if look() {
			p.miss = 0
			return true
		}
	}
	p.miss++
	return false
}
