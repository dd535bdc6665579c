package park

import (
	"math/bits"
	"math/rand/v2"
	"runtime"
	"time"

	"github.com/litesync/litesync"
)

// A waiter that is likely to be served soon does not sleep at once. It spins if
// its P has nobody else to run. Where there is only one P it yields, once: if the
// one that will wake it is among those that run then, nobody sleeps and nobody
// has to be woken. Whether either pays it learns from its own past, its patience:
//
//   - vain: how many spins in a row were in vain. After some, most waits go
//     without.
//   - rarity: one wait in 2^rarity yields. It grows with each yield in vain, and
//     one that takes long sets it so that such yields take about 50 ns a wait.
//     A yield takes long if others keep the P busy: a goroutine that is woken
//     runs first, and one that yields runs last. It may be one in a hundred that
//     does, so from there rarity falls slowly.
//   - locked: a yield took long with nobody else on the P, so the goroutine is
//     likely to be locked to its thread. Then it takes as long to sleep, and the
//     waiter spins for the time of that, even if somebody waits for its P: on
//     a machine that is not busy that is the one it has just woken, on its way
//     to another P.
const (
	vainMask    = 3
	locked      = 1 << 2
	rarityShift = 3
	rarityMask  = 1<<seenShift - 1<<rarityShift

	yieldsInVain = 5 // no rarer for that
	yieldsSlow   = 6 // and more: yields take long
	yieldsRarest = rarityMask >> rarityShift

	// longestSwitch is how many times slow it takes two threads to change places,
	// at most. What takes longer is a goroutine that has used up its time slice of
	// 10 ms.
	longestSwitch = 1500
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
	briefly = spinRule{looks: int(perSecond.looks * 250e-9), vain: 3, odds: 16}
	// patiently is longer than it takes to wake a thread.
	patiently = spinRule{looks: int(perSecond.looks * 100e-6), vain: 2, odds: 64}
	// slow is from how many ticks on a yield takes long.
	slow = max(uint64(perSecond.ticks*5e-6), 1)
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

// spin looks for a while for what is waited for, if that may pay, and reports
// whether it has found it. The waiter is alone if nobody else waits for its P.
func (p *Parker) spin(try func() bool, alone bool) bool {
	rule, locked := &briefly, p.own&locked != 0
	if locked {
		rule = &patiently
	}
	vain := p.own & vainMask
	if vain >= rule.vain && rand.Uint32()%rule.odds != 0 {
		return false
	}
	if !alone && runtime.GOMAXPROCS(0) == 1 {
		return false
	}
	for range rule.looks {
		litesync.Pause()
		if p.look(try) {
			p.own &^= vainMask
			return true
		}
		if !locked && !canSpin(0) {
			break
		}
	}
	if vain < vainMask {
		p.own++
	}
	return false
}

func (p *Parker) rarity() uint64 { return p.own & rarityMask >> rarityShift }

// oneP is 1 if GOMAXPROCS was 1 when a waiter last asked, else 0. Anybody sets it.
var oneP litesync.Uint32

// mayYield reports whether the waiter should yield now, and the time if the
// yield is to be measured. With more than one P it yields only when it is alone,
// to learn whether it is locked: those that it let run are soon stolen by another
// P, and a yield gains nothing over a sleep.
func (p *Parker) mayYield(alone bool) (start uint64, may bool) {
	rarity := p.rarity()
	if !canYield || rarity > 0 && rand.Uint32()&(1<<rarity-1) != 0 {
		return 0, false
	}
	// To measure each time would take a fifth of the time.
	measure := alone || rarity > 0 || rand.Uint32()%8 == 0
	if measure && !alone {
		one := uint32(0)
		if runtime.GOMAXPROCS(0) == 1 {
			one = 1
		}
		// ORDERING: relaxed; a hint.
		if oneP.LoadRelaxed() != one {
			oneP.StoreRelaxed(one)
		}
	}
	// ORDERING: relaxed; a hint.
	if !alone && oneP.LoadRelaxed() == 0 {
		return 0, false
	}
	if measure {
		start = litesync.Ticks()
	}
	return start, true
}

// yielded learns from a yield since start, 0 if that was not measured, after
// which the waiter has found what it waits for, or not. It returns found.
func (p *Parker) yielded(start uint64, alone, found bool) bool {
	was := p.own
	rarity, is := p.rarity(), was&locked
	var took uint64
	if start != 0 {
		took = (litesync.Ticks() - start) / slow
	}
	switch {
	case took > 0:
		rarity = min(yieldsSlow+uint64(bits.Len64(took)), yieldsRarest)
		if alone && took < longestSwitch {
			is = locked
		}
	case rarity > yieldsSlow:
		if is = 0; rand.Uint32()%64 == 0 {
			rarity--
		}
	case found:
		rarity -= min(rarity, 1)
	case rarity < yieldsInVain:
		rarity++
	}
	if now := was&^(rarityMask|locked) | rarity<<rarityShift | is; now != was {
		p.own = now
	}
	return found
}
