package park

import (
	"context"
	"time"

	"github.com/litesync/litesync"
)

// Park blocks until there is a permit, and takes it.
func (p *Parker) Park(user string) {
	if !p.TryTake() {
		p.wait(user, nil, nil, nil)
	}
}

// ParkContext is Park that gives up when ctx is done and then returns its cause.
// A permit is taken before ctx is looked at; one that arrives while it gives up
// is taken or stays.
func (p *Parker) ParkContext(user string, ctx context.Context) error {
	if p.TryTake() || p.wait(user, nil, nil, &limit{ctx: ctx}) {
		return nil
	}
	return context.Cause(ctx)
}

// ParkTimeout is Park that gives up after d and then returns false. With d <= 0
// it is TryTake.
func (p *Parker) ParkTimeout(user string, d time.Duration) bool {
	return p.TryTake() || d > 0 && p.wait(user, nil, nil, &limit{deadline: time.Now().Add(d)})
}

// Wait blocks until try returns true; the caller has looked already. Between
// a change that may turn try true and Waiting, or Wake, there must be a full
// fence; Wake alone is one.
//
// If sure is not nil it takes the place of try in the look behind the
// announcement, the one that counts: for who then has more to do than to look.
func (p *Parker) Wait(user string, try, sure func() bool) { p.wait(user, try, sure, nil) }

// WaitContext is Wait that gives up when ctx is done and then returns its
// cause. It calls try before it looks at ctx.
func (p *Parker) WaitContext(user string, ctx context.Context, try, sure func() bool) error {
	if try() || p.wait(user, try, sure, &limit{ctx: ctx}) {
		return nil
	}
	return context.Cause(ctx)
}

// wait is the one place where the wait protocol stands. It returns true when
// try has, or, if try is nil, when it has taken a permit; false when the limit
// is over. There is no limit if l is nil. The caller has looked already.
func (p *Parker) wait(user string, try, sure func() bool, l *limit) bool {
	if sure == nil {
		sure = try
	}
	for {
		if l != nil && l.over() {
			return false
		}
		// ORDERING: relaxed; set will look again.
		p.alone(p.state.LoadRelaxed(), user)
		alone := canSpin(0)
		if (alone || p.patience()&locked != 0) && p.spin(try, alone) {
			return true
		}
		if !alone {
			if start, may := p.patience().mayPass(); may {
				Pass()
				if p.Passed(start, p.look(try)) {
					return true
				}
			}
		}
		taken := !p.set(announced, user)
		if !taken && try != nil {
			// ORDERING: full fence; pairs with the one between the waker's
			// change and its look at Waiting. A permit needs neither fence nor
			// look: it is in the word that was just changed.
			litesync.FenceSeqCst()
			if sure() {
				p.withdraw()
				return true
			}
		}
		if !taken {
			if l == nil {
				p.seat.sleep(p)
			} else {
				p.sleepWithin(l)
			}
			taken = p.rise()
		}
		if taken && try == nil || p.look(try) {
			return true
		}
	}
}

// look looks for what is waited for.
func (p *Parker) look(try func() bool) bool {
	if try == nil {
		return p.TryTake()
	}
	return try()
}

// sleepWithin sleeps no longer than l allows.
func (p *Parker) sleepWithin(l *limit) {
	stop := l.start(p)
	p.seat.sleep(p)
	if stop != nil {
		stop()
	}
}
