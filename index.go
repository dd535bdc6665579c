package litesync

import (
	"sync/atomic"
	"unsafe"

	"github.com/litesync/litesync/pad"
)

// The steps of an SPSC index pair. Both ends are alike: an end may move while
// it has Passed less than its Limit, and looks at the other end's Pos for a new Limit
// when it gets there. What makes the producer a producer is that its Room is
// the capacity.
//
// Two cores that run close behind each other fight for every cache line. What
// keeps them apart is measured in lockfree/ring/PERFORMANCE.md:
//
//   - An end that looks in a dense stream and finds few steps lets the other
//     get ahead and looks again: a full ring would otherwise stay full, because
//     the consumer loses its Pos to each look of the producer. The consumer does
//     not wait when it finds less than a dense stream has: a lone message is not
//     delayed.
//   - Each end asks for the cache lines of the slots ahead of it that it may
//     pass, to own them before it stores: the consumer clears what it takes.
//   - A look that finds nothing ends before the next begins.

const (
	// dense is how many steps a look finds while both ends stream; a ping-pong
	// finds one.
	dense = 8
	// enough is how many steps make a look worth its cost, if the ring has
	// twice as many slots.
	enough = 256
	// enoughNanos is how long to wait for about as many, or for part of them in
	// a smaller ring.
	enoughNanos = 1000
	// waitSpins bounds the wait, whatever the clock says.
	waitSpins = 64
	// unhelpful is how many looks go without a wait after one that was for
	// nothing: both ends may be one goroutine.
	unhelpful = 64
	// maxPrefetch bounds what Prefetch asks for: a core has few such requests
	// under way.
	maxPrefetch = 4096
	// line is the cache line of most machines.
	line = 64
)

// Join makes p and c, both zero and in one variable, the producer and the consumer
// of an empty ring of slots slots at base, stride bytes each, that holds up to
// capacity items.
func Join(p, c *pad.Index, base unsafe.Pointer, stride uintptr, slots, capacity int) {
	// Stores first, which spare the loads that check p and c for nil: to read a page
	// that is new to the process and then to write it takes two page faults.
	p.Stride = stride
	c.Stride = stride
	p.Base = base
	// Without the write barrier, as in the assembly: p.Base keeps the slots alive.
	*(*uintptr)(unsafe.Pointer(&p.At)) = uintptr(base)
	*(*uintptr)(unsafe.Pointer(&c.At)) = uintptr(base)
	*(*uintptr)(unsafe.Pointer(&c.Base)) = uintptr(base)
	p.End = uintptr(base) + uintptr(slots)*stride
	c.End = p.End
	p.Few = uint8(min(capacity/2, enough-1))
	c.Few = p.Few
	p.Other = int16(uintptr(unsafe.Pointer(c)) - uintptr(unsafe.Pointer(p)))
	c.Other = -p.Other
	p.Limit = uintptr(capacity)
	p.Room = uint32(capacity)
}

// Other returns the other end of the ring of x.
func Other(x *pad.Index) *pad.Index {
	return (*pad.Index)(unsafe.Add(unsafe.Pointer(x), x.Other))
}

// The generated stubs, which import nothing, say these names.
type (
	index   = pad.Index
	pointer = unsafe.Pointer
)

// shared is the view of an index that both ends have.
func shared(x *pad.Index) *Uintptr { return (*Uintptr)(unsafe.Pointer(&x.Pos)) }

// Notice is x's word for who uses the ring.
func Notice(x *pad.Index) *Uint32 { return (*Uint32)(unsafe.Pointer(&x.Notice)) }

var (
	_ = [1]struct{}{}[unsafe.Sizeof(Uintptr{})-unsafe.Sizeof(atomic.Uintptr{})]
	_ = [1]struct{}{}[unsafe.Sizeof(Uint32{})-unsafe.Sizeof(atomic.Uint32{})]
)

// advance is the portable Advance; the assembly does the same, step by step.
func advance(x *index) (slot pointer, ok bool) {
	if x.Passed == x.Limit {
		n := look(x)
		switch {
		case n < dense && (x.Streak <= 0 || x.Room == 0):
			x.Streak = min(x.Streak, 0)
			if n == 0 { // The assembly lets no further look start before this ends.
				return nil, false
			}
		case x.Streak <= 0:
			x.Streak++
		case n < uintptr(x.Few):
			waitTicks(uint64(x.Few) * enoughTicks / enough)
			if look(x) == n {
				x.Streak = -unhelpful
				if n == 0 {
					return nil, false
				}
			}
		}
		x.Reserved = uint32(x.Passed) // Nothing is reserved beyond a Limit.
	}
	slot = x.At
	x.Passed++
	// ORDERING: release; pairs with the acquire load in look of the other end,
	// which so sees this end's accesses to every slot before this one, and if
	// this is the producer to this one.
	shared(x).StoreRelease(x.Passed)
	if uintptr(slot)+x.Stride == x.End { // At must never point behind the last slot.
		x.At = x.Base
	} else {
		x.At = unsafe.Add(slot, x.Stride)
	}
	// Here the assembly prefetches for writing, when At has come to another cache
	// line, the line prefetchAhead from there, if this end may pass all of it.
	return slot, true
}

// look takes a new Limit from the other end and returns how far it is.
func look(x *index) uintptr {
	// ORDERING: acquire; pairs with the release store in advance and AdvanceBy
	// of the other end: what it did to the slots it passed happened before.
	x.Limit = shared(Other(x)).LoadAcquire() + uintptr(x.Room)
	return x.Limit - x.Passed
}

// waitTicks waits for at most that many ticks and at most waitSpins pauses.
func waitTicks(ticks uint64) {
	start := Ticks()
	for range waitSpins {
		Pause()
		if Ticks()-start >= ticks {
			return
		}
	}
}

// Published returns x's Pos to any goroutine.
func Published(x *pad.Index) uintptr {
	// ORDERING: acquire; pairs with the release store in advance and AdvanceBy.
	return shared(x).LoadAcquire()
}

// Available returns how many steps x may take, looking at the other end only
// if fewer than want are known. Only the goroutine that has this end may call
// it. It does not block and does not wait.
func Available(x *pad.Index, want uintptr) uintptr {
	if n := x.Limit - x.Passed; n >= want {
		return n
	}
	return look(x)
}

// Blocked reports whether x may not take a step, and remembers nothing of the
// other end. Only the goroutine that has this end may call it.
func Blocked(x *pad.Index) bool {
	// ORDERING: relaxed; Advance looks again before a step.
	return x.Passed == x.Limit && shared(Other(x)).LoadRelaxed()+uintptr(x.Room) == x.Passed
}

// AdvanceBy takes n steps at once. The caller knows from Available that it may
// take them. Only the goroutine that has this end may call it.
func AdvanceBy(x *pad.Index, n uintptr) {
	if left := x.End - uintptr(x.At); n*x.Stride < left {
		x.At = unsafe.Add(x.At, n*x.Stride)
	} else {
		x.At = unsafe.Add(x.Base, n*x.Stride-left)
	}
	x.Passed += n
	if int32(x.Reserved-uint32(x.Passed)) < 0 {
		x.Reserved = uint32(x.Passed)
	}
	// ORDERING: release; pairs with the acquire load in look of the other end.
	shared(x).StoreRelease(x.Passed)
}

// Last returns the slot that x has passed last. Only the goroutine that has this
// end may call it.
func Last(x *pad.Index) unsafe.Pointer {
	at := uintptr(x.At)
	if x.At == x.Base {
		at = x.End
	}
	return unsafe.Add(x.Base, at-x.Stride-uintptr(x.Base))
}

// Show lets the other end see x ahead steps further than it is. Only the
// goroutine that has this end may call it. Each step shows where x is.
func Show(x *pad.Index, ahead uintptr) {
	// ORDERING: release; pairs with the acquire load in look of the other end.
	shared(x).StoreRelease(x.Passed + ahead)
}

// Prefetch asks for the cache lines of the next n slots, as far as x may pass
// them and they stand in a row, to own them before they are written. It pays
// after a batch, when another is likely to follow.
func Prefetch(x *pad.Index, n uintptr) {
	n = min(n, x.Limit-x.Passed)
	if bytes := min(n*x.Stride, x.End-uintptr(x.At), maxPrefetch); bytes >= line {
		prefetch(uintptr(x.At), bytes-line+1) // Whole lines only: what is behind may be the other end's.
	}
}

// Between returns how many items the producer p is ahead of the consumer c. It
// may be called from any goroutine; the result may be old, but lies between 0
// and the capacity.
func Between(p, c *pad.Index) uintptr {
	// ORDERING: relaxed, both; two numbers, the second of which may be of an older
	// time.
	head := shared(c).LoadRelaxed()
	n := int(shared(p).LoadRelaxed() - head)
	return uintptr(max(0, min(n, int(p.Room))))
}
