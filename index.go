package litesync

import (
	"sync/atomic"
	"unsafe"

	"github.com/litesync/litesync/pad"
)

// The steps of an SPSC index pair. Both ends are alike: an end may move while
// its Pos is below its Limit, and looks at the other end's Pos for a new Limit
// when it gets there. What makes the producer a producer is that its Room is
// the capacity.

// dense is how many steps a look must find for the stream to count as dense.
// A ping-pong finds one; two ends that stream find tens.
const dense = 4

// waitSpins bounds the wait before a look, whatever the clock says.
const waitSpins = 64

// denseNanos is about how long that wait is: some core-to-core round trips.
const denseNanos = 200

// shared is the view of an index that both ends have.
func shared(x *pad.Index) *Uintptr { return (*Uintptr)(unsafe.Pointer(&x.Pos)) }

var _ = [1]struct{}{}[unsafe.Sizeof(Uintptr{})-unsafe.Sizeof(atomic.Uintptr{})]

// advance is the portable Advance; the assembly does the same, step by step.
func advance(x *pad.Index) bool {
	// ORDERING: relaxed; only the owner writes its Pos, and this is the owner.
	pos := shared(x).LoadRelaxed()
	if pos == x.Limit {
		if x.Dense != 0 {
			waitDense()
		}
		if look(x, pos) == 0 {
			return false
		}
	}
	x.Slot++
	if x.Slot == x.Slots {
		x.Slot = 0
	}
	// ORDERING: release; pairs with the acquire load in look of the other end,
	// which so sees this end's accesses to every slot before pos.
	shared(x).StoreRelease(pos + 1)
	return true
}

// look takes a new Limit from the other end and returns how far it is from pos.
func look(x *pad.Index, pos uintptr) uintptr {
	// ORDERING: acquire; pairs with the release store in advance and AdvanceBy
	// of the other end: what it did to the slots it passed happened before.
	x.Limit = shared(x.Other).LoadAcquire() + x.Room
	n := x.Limit - pos
	x.Dense = 0
	if n >= dense {
		x.Dense = 1
	}
	return n
}

// waitDense lets the other end get ahead, for at most denseTicks and at most
// waitSpins pauses.
func waitDense() {
	start := Ticks()
	for range waitSpins {
		Pause()
		if Ticks()-start >= denseTicks {
			return
		}
	}
}

// Available returns how many steps x may take, looking at the other end only
// if fewer than want are known. Only the goroutine that has this end may call
// it. It does not block and does not wait.
func Available(x *pad.Index, want uintptr) uintptr {
	// ORDERING: relaxed; only the owner writes its Pos, and this is the owner.
	pos := shared(x).LoadRelaxed()
	if n := x.Limit - pos; n >= want {
		return n
	}
	return look(x, pos)
}

// AdvanceBy takes n steps at once. The caller knows from Available that it may
// take them. Only the goroutine that has this end may call it.
func AdvanceBy(x *pad.Index, n uintptr) {
	x.Slot += n
	if x.Slot >= x.Slots {
		x.Slot -= x.Slots
	}
	// ORDERING: the load is relaxed, of the owner's own word. The store is a
	// release and pairs with the acquire load in look of the other end.
	shared(x).StoreRelease(shared(x).LoadRelaxed() + n)
}

// Between returns how many items the producer p is ahead of the consumer c. It
// may be called from any goroutine; the result may be old, but lies between 0
// and the capacity.
func Between(p, c *pad.Index) uintptr {
	// ORDERING: acquire on both, so that the second load cannot be of an older
	// time than the first: the consumer read before the producer gives a
	// distance that was never below the true one at the time of the first load.
	head := shared(c).LoadAcquire()
	n := shared(p).LoadAcquire() - head
	return min(n, p.Room)
}
