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
// # How it sleeps
//
// On Go 1.25 and 1.26 a goroutine sleeps in runtime.gopark and is woken by
// runtime.goready, which are open to linkname. A new release is listed in the
// build tags once the numbers in seat_runtime.go are checked and the tests pass.
// Elsewhere, with the purego tag, and in race builds it sleeps on a sync.Cond;
// a channel would not do, because one that was made in a testing/synctest
// bubble must not be used outside it, and Parkers are pooled.
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

// The states of a Parker. "The waiter" is the one goroutine that may wait;
// anybody may wake or cancel.
const (
	// nobody waits, and nobody has woken. The waiter moves on to announced or
	// polled, a waker to permit.
	nobody = iota
	// permit: woken, not yet noticed. Only the waiter moves on, to nobody.
	permit
	// announced: the waiter is about to sleep and looks at its condition once
	// more. It moves on to asleep, or back to nobody; a waker to permit,
	// a cancel to nobody. Both make the step to asleep fail.
	announced
	// polled: the waiter has left a waker.Waker where the caller of Wake finds
	// it. The waiter moves on to announced, a waker to permit.
	polled
	// asleep: the waiter sleeps in its seat. A waker moves on to permit, a
	// cancel to nobody; whoever does must get it up, and nobody else may.
	asleep
)

// Parker lets one goroutine at a time sleep, and any goroutine wake it. The
// zero value is ready. It must not be copied.
//
// The methods of the waiter are all but Wake and Waiting. Their argument user
// is the name of the package that is to blame when two goroutines wait at once:
// the second panics, the first does not notice.
type Parker struct {
	state litesync.Uint32 // 4 bytes: one of the states above
	miss  int32           // 4 bytes: the waiter's alone; see spin
	seat  seat            // 8 bytes: the sleeper, valid while asleep
}

// TryTake takes the permit and reports whether there was one. It does not
// block. What was done before the Wake that left the permit happened before
// TryTake returns true.
func (p *Parker) TryTake() bool {
	// ORDERING: relaxed; only the compare-and-swap takes. It pairs with the
	// swap in Wake.
	return p.state.LoadRelaxed() == permit && p.state.CompareAndSwap(permit, nobody)
}

// Wake leaves a permit and gets the sleeper up. It reports whether the waiter
// has polled: then the caller must wake the Waker that the waiter registered.
// It does not block, is wait-free, and may be called by any goroutine. Wakes
// that come before the waiter noticed the first are one.
func (p *Parker) Wake() bool {
	// ORDERING: a swap even if there is a permit already, so that who takes it
	// sees what each waker did before. It pairs with the compare-and-swaps of
	// the waiter in TryTake, announce and commit.
	switch p.state.Swap(permit) {
	case asleep:
		p.seat.wake()
	case polled:
		return true
	}
	return false
}

// Waiting reports whether Wake has somebody to wake: the waiter sleeps, is
// about to, or has polled. Between a change of the condition that is waited for
// and this call the caller needs a full fence, to pair with the one in wait or
// in Poll.
func (p *Parker) Waiting() bool {
	// ORDERING: relaxed; the caller's fence stands before it.
	return p.state.LoadRelaxed() >= announced
}

// Poll announces that the waiter has registered a Waker with the one who calls
// Wake, and reports whether there was a permit instead, which it takes. A
// waiter with a condition looks at it once more afterwards.
func (p *Parker) Poll(user string) bool {
	registered := p.announce(user, polled)
	// ORDERING: full fence; pairs with the fence before Waiting.
	litesync.FenceSeqCst()
	return !registered
}

// announce moves from nobody or polled to next and returns true, or takes the
// permit and returns false.
func (p *Parker) announce(user string, next uint32) bool {
	for {
		// ORDERING: relaxed; only a hint for the compare-and-swaps.
		switch s := p.state.LoadRelaxed(); s {
		case permit:
			if p.TryTake() {
				return false
			}
		case announced, asleep:
			panic(user + ": two goroutines wait at once")
		default:
			// ORDERING: pairs with the swap in Wake: either that sees next, or
			// this sees the permit.
			if p.state.CompareAndSwap(s, next) {
				return true
			}
		}
	}
}

// withdraw takes the announcement back. If a Wake came in between, its permit
// stays.
func (p *Parker) withdraw() {
	// ORDERING: pairs with nothing; it tells wakers only that they need not
	// bother.
	p.state.CompareAndSwap(announced, nobody)
}

// commit is the step from announced to asleep, which fails if a wake or
// a cancel came since. It runs on the system stack: see seat.sleep.
//
//go:norace
//go:nosplit
func (p *Parker) commit() bool {
	// ORDERING: pairs with the swap in Wake and the compare-and-swap in cancel,
	// which so see the seat as it was filled before.
	return p.state.CompareAndSwap(announced, asleep)
}

// cancel makes the waiter look again, without a permit: its context is done or
// its time is up. If it comes too late it may hit a later wait of the same
// Parker; that one then looks again too, and goes back to sleep.
func (p *Parker) cancel() {
	// ORDERING: pairs with commit.
	if p.state.CompareAndSwap(announced, nobody) {
		return
	}
	// ORDERING: pairs with commit, as the swap in Wake does.
	if p.state.CompareAndSwap(asleep, nobody) {
		p.seat.wake()
	}
}
