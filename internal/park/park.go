// Package park is how a goroutine sleeps and is woken. Everything that blocks
// in this module blocks here.
//
// # Model
//
// A Parker is a seat for one goroutine. Wake leaves a permit on it, and whoever
// sits there asleep gets up; who finds a permit does not sit down. There is one
// permit at most. Two kinds of users share it:
//
//   - The permit is what is waited for: Park, ParkContext, ParkTimeout, TryTake.
//   - The permit is a hint that a condition may have changed: Wait and
//     WaitContext, which look at the condition again after each wake. Such a
//     Parker may be woken without cause.
//
// A wake is not lost, because the two sides do opposite things in opposite
// order with a full fence between: the waker changes the condition, then looks
// for a waiter (Waiting); the waiter announces itself, then looks at the
// condition. At least one of the two sees what the other did.
//
// A wait looks once, lingers for a moment where that pays (patience.go), announces
// itself, looks again, and sleeps. Whoever wakes it does one Add.
//
// # How it sleeps
//
// On Go 1.25 and 1.26 a goroutine sleeps in runtime.gopark and is woken by
// runtime.goready, which are open to linkname. A new release is listed in the
// build tags once the numbers in seat_runtime.go are checked and the tests pass.
// Elsewhere, with the purego tag, and in race builds it sleeps on a sync.Cond;
// a channel would not do, because one that was made in a testing/synctest
// bubble must not be used outside it, and beds are pooled.
//
// The wait reason is that of sync.Cond.Wait in both cases. What the runtime
// does with it, in Go 1.25 and 1.26:
//
//   - A dump says "sync.Cond.Wait", an execution trace "sync.(*Cond).Wait".
//   - testing/synctest takes the goroutine for durably blocked.
//   - Deadlock detection does not look at it.
//   - The goroutine leak profile of Go 1.26 takes a goroutine with this reason
//     for leaked only if it is queued on a Cond that is unreachable. One that
//     is in gopark is queued nowhere, so it is never reported, and all that it
//     refers to stays alive. One on a sync.Cond is reported when nobody can
//     reach its Parker any more, which is right.
//
// Sleeping here is not recorded in the block profile.
package park

import "github.com/litesync/litesync"

// The word of a Parker, state, has two forms. "The waiter" is the one goroutine
// that may wait; anybody may wake or cancel.
//
// Here: the count of wakes, from countShift on, and the flags announced and
// cancelled. There is a permit if the count is not the one that the waiter has
// seen last. So a wake adds to the count, the waiter only reads it, and neither
// undoes what the other does. The waiter starts the count anew when it announces
// itself; 2^48 wakes between two looks of the waiter take weeks.
//
// Away: the flag of that name alone, from sleeperShift on the number of the
// sleeper, which the seat gives, or 0 if the waiter has polled instead; and,
// since a wake adds to this form too, the count of those in the sixteen bits
// between. A waker that has added here does not leave before the word has
// another form, so the bits are enough until 65 536 goroutines have stopped
// there, each between two neighbouring instructions.
const (
	// announced: the waiter is about to sleep and looks at its condition once
	// more. Set by the waiter, with a count of 0. It moves on to the form away
	// if nothing else has changed, else it takes the flag back.
	announced = 1 << iota
	// cancelled: the waiter is not to sleep, though nobody wakes it. Set beside
	// announced by cancel; the waiter takes back both.
	cancelled
	// away: the waiter sleeps in its seat, or has left a waker.Waker where the
	// caller of Wake finds it. Whoever replaces the word gets the sleeper up, or
	// wakes the Waker, and nobody else does: a waker replaces it by woken, cancel
	// by unwoken unless a wake has been added, the waiter that has polled by what
	// it does next.
	away

	countShift   = 3
	sleeperShift = 19

	oneWake = 1 << countShift
	unwoken = 0
	woken   = oneWake // a permit
)

// Parker lets one goroutine at a time sleep, and any goroutine wake it. The
// zero value is ready. It must not be copied.
//
// The methods of the waiter are all but Wake, its halves, and Waiting. Their
// argument user is the name of the package that is to blame when two goroutines
// wait at once: the second panics, the first does not notice.
type Parker struct {
	seat  seat            // 0 bytes where the sleeper fits into state, else 8
	state litesync.Uint64 // 8 bytes: see above
	// own is the waiter's alone, 8 bytes: from seenShift on the count of wakes that
	// it has seen, in the lowest byte its patience, see patience.go, and between
	// them how many passes there were since one took long, up to proven, and from
	// there on how many may follow before MayPass asks again. That is never so while
	// it sleeps or has polled.
	own uint64
}

const (
	onePass   = 1 << 8
	seenShift = 16
	passes    = 1<<seenShift - onePass
	proven    = passes - (measured-1)*onePass
)

// TryTake takes the permit and reports whether there was one. It does not
// block. What was done before each Wake that is part of the permit happened
// before TryTake returns true.
func (p *Parker) TryTake() bool {
	// ORDERING: acquire; pairs with the Add of every wake that it counts.
	s := p.state.LoadAcquire()
	return s&(announced|away) == 0 && p.take(s)
}

// take takes the permit if there is one in s, which has the form here.
func (p *Parker) take(s uint64) bool {
	litesync.WillRead(&p.own)
	if p.unseen(s) < 1<<seenShift {
		return false
	}
	p.see(s)
	return true
}

// see remembers the count in s as seen.
func (p *Parker) see(s uint64) {
	litesync.WillWrite(&p.own)
	p.own ^= p.unseen(s) &^ (1<<seenShift - 1)
}

// unseen is at least 1<<seenShift if the count in s is not the one that was
// seen; from that bit on, it is the difference.
func (p *Parker) unseen(s uint64) uint64 { return s<<(seenShift-countShift) ^ p.own }

// Wake leaves a permit and gets the sleeper up. It reports whether the waiter
// has polled: then the caller must wake the Waker that the waiter registered.
// It does not block, and may be called by any goroutine. Wakes that come before
// the waiter noticed the first are one.
//
// It is wait-free unless it finds the waiter away; then each other one that does
// so at the same time may make it try again.
func (p *Parker) Wake() (polled bool) { return p.Add() && p.Rouse() }

// Add is the first half of Wake, apart so that it can be inlined. It leaves the
// permit and reports whether the waiter is away. If so the caller must go on
// with Rouse.
func (p *Parker) Add() (found bool) {
	// ORDERING: pairs with the acquire loads of the waiter, and with its
	// read-modify-writes in set, commit and withdraw: either those see the
	// permit, or this finds what they have left.
	return p.state.Add(oneWake)&away != 0
}

// Rouse is the second half of Wake. It reports what Wake does.
func (p *Parker) Rouse() (polled bool) {
	for {
		// ORDERING: relaxed; a hint for the compare-and-swap.
		s := p.state.LoadRelaxed()
		if s&away == 0 {
			return false // Another one has done it, or the waiter itself.
		}
		// ORDERING: pairs with set and commit before, and with the load in rise
		// and in TryTake after. It may find the waiter away for a later time than
		// Add has. The permit of that one then came from another waker, and this
		// one's comes now.
		if p.state.CompareAndSwap(s, woken) {
			sleeper := s >> sleeperShift
			if sleeper != 0 {
				p.seat.wake(sleeper)
			}
			return sleeper == 0
		}
	}
}

// Waiting reports whether Wake has somebody to wake: the waiter sleeps, is
// about to, or has polled. Between a change of the condition that is waited for
// and this call the caller needs a full fence, to pair with the one in wait or
// in Poll.
func (p *Parker) Waiting() bool {
	// ORDERING: relaxed; the caller's fence stands before it.
	return p.state.LoadRelaxed()&(announced|away) != 0
}

// Poll announces that the waiter has registered a Waker with the one who calls
// Wake, and reports whether there was a permit instead, which it takes. A
// waiter with a condition looks at it once more afterwards.
func (p *Parker) Poll(user string) bool {
	registered := p.set(away, user)
	// ORDERING: full fence; pairs with the fence before Waiting.
	litesync.FenceSeqCst()
	return !registered
}

// set makes to, announced or away, the state and returns true, or takes the
// permit and returns false.
func (p *Parker) set(to uint64, user string) bool {
	for {
		// ORDERING: acquire, to take; pairs with the Add of every wake that it
		// counts.
		s := p.state.LoadAcquire()
		p.alone(s, user)
		p.ask() // So a second waiter asks, and leaves own alone.
		next := to
		if s&away == 0 {
			if p.take(s) {
				return false
			}
		} else if added(s) {
			// It has polled and is about to be woken; it is quicker.
			next = unwoken
		}
		// ORDERING: pairs with Add: either that finds what is set here, or this
		// fails and then sees the permit.
		if p.state.CompareAndSwap(s, next) {
			if next != announced { // A second waiter may look at own until it sees this.
				p.see(next)
			}
			return next == to
		}
	}
}

// added reports whether a wake was added to s, which has the form away.
func added(s uint64) bool { return s<<(64-sleeperShift)>>(64-sleeperShift+countShift) != 0 }

// alone panics if another goroutine waits in state s.
func (p *Parker) alone(s uint64, user string) {
	if s&announced != 0 || s&away != 0 && s>>sleeperShift != 0 {
		panic(user + ": two goroutines wait at once")
	}
}

// withdraw takes the announcement back and returns the state before. If wakes
// came since, their permit is there.
func (p *Parker) withdraw() uint64 {
	// ORDERING: acquire, for rise; pairs with the Add of every wake that it
	// counts.
	s := p.state.And(^uint64(announced | cancelled))
	p.see(unwoken)
	return s
}

// commit is the step from announced to away, which fails if a wake or a cancel
// came since. It may run on the system stack: see seat_runtime.go.
//
//go:norace
//go:nosplit
func (p *Parker) commit(sleeper uint64) bool {
	// ORDERING: pairs with Add, and with the compare-and-swap in cancel: either
	// this fails, or they find the sleeper.
	return p.state.CompareAndSwap(announced, sleeper<<sleeperShift|away)
}

// rise is what the waiter does after commit has failed, or when it has been got
// up again. It reports whether it has taken a permit.
func (p *Parker) rise() bool {
	// ORDERING: acquire; pairs with the Add of every wake that came.
	s := p.state.LoadAcquire()
	if s&announced != 0 {
		s = p.withdraw()
	}
	p.see(s)
	return s>>countShift != unwoken>>countShift
}

// cancel makes the waiter look again, without a permit: its context is done or
// its time is up. If it comes too late it may hit a later wait of the same
// Parker; that one then looks again too, and goes back to sleep.
func (p *Parker) cancel() {
	for {
		// ORDERING: relaxed; a hint for the compare-and-swap.
		s := p.state.LoadRelaxed()
		next, sleeper := s|cancelled, uint64(0)
		if s&announced == 0 {
			if next, sleeper = unwoken, s>>sleeperShift; s&away == 0 || sleeper == 0 || added(s) {
				return // It does not sleep, or is about to be woken.
			}
		}
		// ORDERING: pairs with commit.
		if p.state.CompareAndSwap(s, next) {
			if sleeper != 0 {
				p.seat.wake(sleeper)
			}
			return
		}
	}
}
