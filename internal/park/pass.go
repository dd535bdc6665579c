package park

import "github.com/litesync/litesync"

// Who waits for something new each time, like the value of a one-shot channel,
// has no Parker and no past to learn from. All such waits share one patience: they
// yield as long as that goes well, and then few of them do, until it goes well
// again. See linger.go for what a yield is good for and when it takes long.

// passes tells which waits yield: those that throw a 0 in the bits that are set.
// It is 0 or one of those below, and written only when that changes.
var passes litesync.Uint32

const (
	// passInVain: there was nothing to find. If another P has taken one of the two
	// sides away, a few sleeps bring them together again.
	passInVain = 1<<4 - 1
	// passSlow: it took long. It is lowered to passInVain first.
	passSlow  = 1<<10 - 1
	passLower = 6

	// passTimed: while all yield, one in so many is measured. To measure takes
	// a fifth of the time.
	passTimed = 1<<3 - 1
)

// MayPass reports whether the caller, who is about to wait, should call Pass,
// look again, and then call Passed with start.
func MayPass() (start uint64, may bool) {
	if !canYield {
		return 0, false
	}
	// ORDERING: relaxed, here and in learn; a hint.
	n, dice := passes.LoadRelaxed(), dice()
	switch {
	case dice&n != 0:
		return 0, false
	case n == 0 && dice&passTimed != 0:
		return 0, true
	}
	return litesync.Ticks(), true
}

// Pass lets those run who wait for this P. Call it from where few calls have yet
// to return: the CPU predicts none of those returns.
func Pass() { yield() }

// Passed learns from a pass since start, after which the caller has found what it
// waits for, or not.
func Passed(start uint64, found bool) {
	if start != 0 || !found {
		learn(start, found)
	}
}

func learn(start uint64, found bool) {
	was := passes.LoadRelaxed()
	n := was >> passLower
	switch {
	case start != 0 && litesync.Ticks()-start > 3*slow:
		n = passSlow
	case !found:
		n = passInVain
	}
	if n != was {
		passes.StoreRelaxed(n)
	}
}
