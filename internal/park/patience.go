package park

import (
	"math/bits"
	"runtime"
	"time"

	"github.com/litesync/litesync"
)

// A waiter that is likely to be served soon does not sleep at once. If its P has
// nobody else to run it spins, for about as long as sleep takes. Else it passes:
// those run who wait for its P, once. If the one that will wake it is among
// them, nobody sleeps and nobody has to be woken, which takes half the time.
// Whether either pays it learns from its own past:
//
//   - vain: how many spins in a row were in vain. After vainMask most waits go
//     without.
//   - rarity: one wait in 2^rarity passes. It grows to inVain if there was nothing
//     to find, and more if others kept the P busy: who is woken runs first, who
//     passes runs last, and both sides of a stream should run at the same time.
//     A pass that takes long makes them so rare that they take 250 ns a wait, as
//     much as a wait takes; the next one makes it 125 ns, and so on down to 16. What
//     counts is not the mean but the wait in a hundred that takes as long as whoever
//     had the P, while another P may be idle: so a Parker measures each pass until
//     some hundred in a row have been short, and then one in 16. The others between
//     do not ask whether to pass, either, unless the last was in vain: the one that
//     would have been found may have moved to another P.
//   - locked: the goroutine is likely to be locked to its thread, because a pass
//     with nobody else on the P, which is tried after a spin in vain, took as long
//     as it takes to switch threads, or two others did. A sleep takes as long. So
//     it spins longer than that, even if somebody waits for its P: on a machine
//     that is not busy that is the one it has just woken, on its way to another P.
//     A pass that takes no time refutes it.
//
// With GOMAXPROCS above 1 a waiter that passes may be taken away by a thread
// that looks for work, as each wake makes one do. The two sides are then apart:
// between neighbouring cores they go on spinning, between far ones, where that
// takes longer than a sleep, one of them soon sleeps, and is woken on the P of
// the other. With threads that are not disturbed a round trip takes 0.65 to 0.7
// of that over channels, as bare gopark and goready do; without thieves, on
// one P, 0.56, of which goyield alone is 0.40.
type patience uint8

const (
	vainMask    patience = 3
	locked      patience = 1 << 2
	rarityShift          = 3

	inVain   = 7
	rarest   = 1<<(8-rarityShift) - 1
	measured = 16 // One pass in so many is, once proven short: it takes a fifth of the time.

	// In units of the time that sleep takes:
	long          = 4     // from here on a pass takes long: what ran could have run on another P meanwhile
	slow          = 16    // from here on threads may have been switched
	longestSwitch = 30000 // that of threads; more is a time slice of 10 ms that somebody has used up
)

// What these are was measured between threads of one machine, see
// BenchmarkRoundTrip in lockfree/notify.
var (
	// A sleep takes so many ticks, if the waker is on the same P: who spins longer
	// would have done better to sleep.
	sleepTicks = max(uint64(perSecond.ticks*250e-9), 1)
	// briefly is how many looks, each after a pause, fit into that time, and
	// patiently into one in which threads can be woken.
	briefly   = int(perSecond.looks * 250e-9)
	patiently = int(perSecond.looks * 100e-6)
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

// mayPass reports whether to pass, and the time if that is to be measured.
func (a patience) mayPass() (start uint64, may bool) {
	rarity, d := a>>rarityShift, dice()
	switch {
	case !canYield || d&(1<<rarity-1) != 0:
		return 0, false
	case rarity == 0 && d>>16%measured != 0:
		return 0, true
	}
	return litesync.Ticks(), true
}

// passed returns what is learnt from a pass since start, 0 if that was not
// measured, after which the waiter has found what it waits for, or not. It is
// alone if nobody else waited for its P. The pass was long if others kept the P
// busy.
func (a patience) passed(start uint64, alone, found bool) (learnt patience, longPass bool) {
	rarity, took := int(a>>rarityShift), uint64(0)
	if start != 0 {
		took = (litesync.Ticks() - start) / sleepTicks
		if took < slow {
			a &^= locked
		} else if took < longestSwitch && (alone || rarity > inVain) {
			a = a&^vainMask | locked
		}
	}
	switch {
	case alone: // There was nobody to find.
	case took >= long:
		least := bits.Len64(took)
		rarity = min(max(rarity+1, least), least+4, rarest)
	case found || rarity > inVain:
		rarity = max(rarity-1, 0)
	case rarity < inVain:
		rarity++
	}
	return a&(vainMask|locked) | patience(rarity)<<rarityShift, !alone && took >= long
}

// spinRule returns how often to look, each time after a pause, 0 if not at all.
func (a patience) spinRule(alone bool) (looks int) {
	vain := a & vainMask
	switch {
	case a&locked == 0:
		if vain < vainMask || dice()%16 == 0 {
			return briefly
		}
	case vain < 2, alone && dice()%64 == 0, dice()%1024 == 0:
		if alone || runtime.GOMAXPROCS(0) > 1 {
			return patiently
		}
	}
	return 0
}

// spin looks so often, each time after a pause, for what is waited for, and
// returns what is learnt from that and whether it was found.
func (a patience) spin(looks int, look func() bool) (learnt patience, found bool) {
	for range looks {
		litesync.Pause()
		if look() {
			return a &^ vainMask, true
		}
		if a&locked == 0 && !canSpin(0) {
			break
		}
	}
	if a&vainMask < vainMask {
		a++
	}
	return a, false
}

// spin looks for a while for what is waited for, if that may pay, and reports
// whether it has found it. The waiter is alone if nobody else waits for its P.
func (p *Parker) spin(try func() bool, alone bool) bool {
	a := p.patience()
	looks := a.spinRule(alone)
	if looks == 0 {
		return false
	}
	a, found := a.spin(looks, func() bool { return p.look(try) })
	if !found && alone && canYield && canSpin(0) { // Is it locked?
		start := litesync.Ticks()
		yield()
		a, _ = a.passed(start, true, false)
	}
	p.learn(a)
	return found
}

// MayPass reports whether the waiter, before it waits, should call Pass, look
// again, and then call Passed with start. It is inlined, which takes this form.
func (p *Parker) MayPass() (start uint64, may bool) {
	if may = p.own&passes > proven; may {
		p.own -= onePass
	} else {
		start, may = p.mayPass()
	}
	return
}

func (p *Parker) mayPass() (start uint64, may bool) {
	// ORDERING: relaxed; a hint. Nobody else may be waiting and own be its own.
	if !canYield || p.state.LoadRelaxed()&(announced|away) != 0 || canSpin(0) {
		return 0, false
	}
	if a := p.patience(); a>>rarityShift != 0 {
		return a.mayPass()
	}
	if p.own += onePass; p.own&passes >= proven {
		p.own |= passes
	}
	return litesync.Ticks(), true
}

// Pass lets those run who wait for this P. Call it from where few calls have yet
// to return: the CPU predicts none of those returns.
func Pass() { yield() }

// Passed learns from a pass since start, after which the waiter has found what it
// waits for, or not. It returns found.
func (p *Parker) Passed(start uint64, found bool) bool {
	if start != 0 || !found {
		p.passed(start, found)
	}
	return found
}

func (p *Parker) passed(start uint64, found bool) {
	a, longPass := p.patience().passed(start, false, found)
	p.learn(a)
	switch {
	case longPass:
		p.own &^= passes
	case !found:
		p.ask()
	}
}

// ask makes the next MayPass ask and measure.
func (p *Parker) ask() {
	if p.own&passes > proven {
		p.own = p.own&^passes | proven
	}
}

func (p *Parker) patience() patience { return patience(p.own) }

func (p *Parker) learn(a patience) {
	if now := p.own&^(onePass-1) | uint64(a); now != p.own { // Others read the line.
		p.own = now
	}
}

// Patience is for those who wait for something new each time, like the value of
// a one-shot channel: they have no Parker and no past, and share what all of them
// have learnt, but for locked, which is one goroutine's. The zero value is ready.
type Patience struct {
	// learnt is a patience. All read it, so it is written only when it changes, and
	// seldom where short waits and long ones alternate.
	learnt litesync.Uint32
}

// sampled: of the spins that would change what is learnt one in so many does, and
// all once few waits spin.
const sampled = 16

// Alone reports whether nobody else waits for this P while other Ps run. Who is
// alone may call Spin, who is not MayPass.
func Alone() bool { return canSpin(0) }

// MayPass is that of a Parker, and is inlined.
func (p *Patience) MayPass() (start uint64, may bool) {
	// ORDERING: relaxed, here and below; a hint.
	return patience(p.learnt.LoadRelaxed()).mayPass()
}

// Passed is that of a Parker, and is inlined.
func (p *Patience) Passed(start uint64, found bool) bool {
	if start != 0 || !found {
		p.passed(start, found)
	}
	return found
}

func (p *Patience) passed(start uint64, found bool) {
	a := patience(p.learnt.LoadRelaxed())
	a, _ = a.passed(start, false, found)
	p.learn(a, ^(vainMask | locked))
}

// Spin looks for a while, if that may pay, and reports whether look has returned
// true.
func (p *Patience) Spin(look func() bool) bool {
	was := patience(p.learnt.LoadRelaxed())
	a, found := was.spin(was.spinRule(true), look)
	if a != was && (was&vainMask == vainMask || dice()%sampled == 0) {
		p.learn(a, vainMask)
	}
	return found
}

// learn replaces those bits of what is learnt. What another one learns at the
// same time may get lost.
func (p *Patience) learn(a, bits patience) {
	was := p.learnt.LoadRelaxed()
	if now := was&^uint32(bits) | uint32(a&bits); now != was {
		p.learnt.StoreRelaxed(now)
	}
}
