package park

import (
	"math/rand/v2"
	"runtime"
	"time"

	"github.com/litesync/litesync"
)

// A waiter that is likely to be served soon does not sleep at once. It spins if
// its P has nobody else to run. Otherwise it yields, once: if the one that will
// wake it is among those that run then, nobody sleeps and nobody has to be
// woken. Whether either pays it learns from its own past, its patience:
//
//   - vain: how many spins in a row were in vain. After some, most waits go
//     without.
//   - rarity: one wait in 2^rarity yields. It grows with each yield in vain, and
//     to yieldsSlow and beyond with one that takes long, and falls with each that
//     was good.
//
// A yield takes long if others keep the P busy: a goroutine that is woken runs
// first, and one that yields runs last. Or because the goroutine is locked to its
// thread, and threads have to change places; then a sleep takes as long, and
// a waiter spins for the time of that, even if somebody waits for its P: on
// a machine that is not busy that is the one it has just woken, on its way to
// another P.
const (
	vainMask    = 1<<rarityShift - 1
	rarityMask  = 1<<seenShift - 1 - vainMask
	rarityShift = 4

	yieldsInVain = 5 // no rarer for that
	yieldsSlow   = 6 // rare enough that yields of a scheduling quantum cost less than a sleep
	yieldsSlower = 12
)

// A spinRule is how waiters spin.
type spinRule struct {
	looks int    // how often they look, each time after a pause
	vain  uint64 // how many in a row are in vain before most go without
	odds  uint32 // one in this many does not
}

// What these are was measured between threads of one machine, see
// BenchmarkRoundTrip in lockfree/notify.
var (
	// briefly is about as long as it takes to sleep and be woken by a goroutine
	// on the same P: who spins longer would have done better to sleep.
	briefly = spinRule{looks: int(perSecond.looks * 250e-9), vain: 4, odds: 16}
	// patiently is longer than it takes to wake a thread.
	patiently = spinRule{looks: int(perSecond.looks * 100e-6), vain: 2, odds: 64}
	// slow is from how many ticks on a yield takes long.
	slow = uint64(perSecond.ticks * 5e-6)
)

// perSecond is how many looks, each after a pause, and ticks there are in
// a second. A pause takes from 1 to 100 ns, depending on the CPU.
var perSecond = func() (rate struct{ looks, ticks float64 }) {
	const enough = 2 * time.Microsecond // for clocks that are as coarse as 42 ns
	for pauses, tries := 16, 0; tries < 3; {
		start, ticks := time.Now(), litesync.Ticks()
		for range pauses {
			litesync.Pause()
		}
		ticks = litesync.Ticks() - ticks
		took := time.Since(start)
		if took < enough {
			pauses *= 2
			continue
		}
		// The fastest is the one that nothing interrupted.
		if looks := float64(pauses) / took.Seconds(); looks > rate.looks {
			rate.looks, rate.ticks = looks, float64(ticks)/took.Seconds()
		}
		tries++
	}
	return rate
}()

// mustHurry reports whether yields take long here.
func (p *Parker) mustHurry() bool { return p.own&rarityMask >= yieldsSlow<<rarityShift }

// spin looks for a while for what is waited for, and reports whether it has
// found it. Without mustHurry it stops once others wait for the P.
func (p *Parker) spin(try func() bool) bool {
	rule, hurry := &briefly, p.mustHurry()
	if hurry {
		rule = &patiently
	}
	vain := p.own & vainMask
	if vain >= rule.vain && rand.Uint32()%rule.odds != 0 {
		return false
	}
	if hurry && runtime.GOMAXPROCS(0) == 1 {
		return false
	}
	for range rule.looks {
		litesync.Pause()
		if p.look(try) {
			p.own &^= vainMask
			return true
		}
		if !hurry && !canSpin(0) {
			break
		}
	}
	if vain < vainMask {
		p.own++
	}
	return false
}

// mayYield reports whether the waiter should yield now, and the time if the
// yield is to be measured.
func (p *Parker) mayYield() (start uint64, may bool) {
	rarity := p.own & rarityMask >> rarityShift
	switch {
	case !canYield || rarity > 0 && rand.Uint32()&(1<<rarity-1) != 0:
		return 0, false
	case rarity == 0 && p.own>>seenShift%8 != 0:
		return 0, true // To measure would take a fifth of the time.
	}
	return litesync.Ticks(), true
}

// yielded learns from a yield since start, 0 if that was not measured, after
// which the waiter has found what it waits for, or not. It returns found.
func (p *Parker) yielded(start uint64, found bool) bool {
	was := p.own & rarityMask >> rarityShift
	rarity := was
	switch {
	case start != 0 && litesync.Ticks()-start > slow:
		rarity = max(rarity, yieldsSlow)
		if !found {
			rarity = min(rarity+1, yieldsSlower)
		}
	case found:
		rarity -= min(rarity, 1)
	default:
		rarity = max(rarity, min(rarity+1, yieldsInVain))
	}
	if rarity != was {
		p.own = p.own&^rarityMask | rarity<<rarityShift
	}
	return found
}
