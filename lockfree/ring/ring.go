// Package ring is a bounded single-producer single-consumer queue that never
// blocks. Every operation is wait-free and allocates nothing.
//
// The producer end belongs to one goroutine at a time, and so does the
// consumer end; another goroutine may take an end over after a happens-before
// hand-off. Only Len, Free and Cap may be called from anywhere.
//
// What the producer did before Push, PushSlice or Commit happens before the
// consumer gets the item. What the consumer did before it gave a slot back
// happens before the producer gets that slot again.
//
// # How it works
//
// Each end counts the items that it has passed in a [pad.Index] of its own.
// The other end reads that count only when what it knew of it runs out. See
// [litesync.Advance].
//
// The storage has two slots more than the capacity, which lets a single
// operation be one call of Advance around a plain access in the caller's own
// code:
//
//   - Push writes the slot at the producer's position before it knows whether
//     there is room. That slot never holds an unread item: even a full ring
//     leaves it spare.
//   - Pop gives its slot back before it reads it. The producer may write that
//     slot again only when it has seen the consumer's next step, the release of
//     which comes after the read.
//
// So with the consumer last seen at h and capacity n, the producer writes at
// most slot h+n, and the slots still to be read are h-1 up to h+n-1: n+2 in all.
// Slot h+n is that of item h-2, which the consumer had read before it stepped
// to h.
//
// That holds for ends that show themselves one step ahead of where they are, as
// they do in package spsc: a producer that offers its spare slot, a consumer
// that claims an item before it is there.
//
// A slot is cleared when its item is taken, whatever T is. So nothing is kept
// alive, and a cache line that both ends write changes hands faster than one
// that one writes and the other reads.
//
// PERFORMANCE.md tells what was measured on the way to this.
package ring

import (
	"fmt"
	"iter"
	"unsafe"

	"github.com/litesync/litesync"
	"github.com/litesync/litesync/internal/misuse"
	"github.com/litesync/litesync/pad"
)

// MaxCapacity is the largest capacity of a ring.
const MaxCapacity = 1 << 30

// Spare is how many slots a ring has beyond its capacity: one that Push may
// write when the ring is full, one that Pop may still read.
const Spare = 2

// Producer is the sending end of a ring. Get one from New or Inline.Split; it
// must not be copied.
type Producer[T any] struct {
	_ noCopy
	x pad.Index
}

// Consumer is the receiving end of a ring. Get one from New or Inline.Split;
// it must not be copied.
type Consumer[T any] struct {
	_ noCopy
	x pad.Index
}

// pair holds both ends of a ring. Its size makes the allocator align it to
// pad.Size, on 64-bit machines.
type pair[T any] struct {
	p Producer[T]
	_ [gap]byte
	c Consumer[T]
	_ [gap]byte
}

// gap is what an Index lacks to a multiple of pad.Size.
const gap = (pad.Size - unsafe.Sizeof(pad.Index{})%pad.Size) % pad.Size

// With an instance in this package its export data have the bodies of what the
// generic code calls; only so are they inlined in a program that does not import
// their packages (exportBody in cmd/compile/internal/noder/linker.go).
var _ pair[byte]

// noCopy makes go vet report copies.
type noCopy struct{}

func (*noCopy) Lock()   {}
func (*noCopy) Unlock() {}

// New returns the two ends of a new ring that holds up to capacity items,
// exactly. It allocates twice: the ends and the slots. It panics unless
// 1 <= capacity <= MaxCapacity.
func New[T any](capacity int) (*Producer[T], *Consumer[T]) {
	if capacity < 1 || capacity > MaxCapacity {
		panic(fmt.Sprintf("ring: New: capacity %d is not between 1 and %d", capacity, MaxCapacity))
	}
	return new(pair[T]).join(make([]T, capacity+Spare))
}

// join makes both ends those of a new ring in slots.
func (ends *pair[T]) join(slots []T) (*Producer[T], *Consumer[T]) {
	p, c := &ends.p, &ends.c
	litesync.Join(&p.x, &c.x, unsafe.Pointer(unsafe.SliceData(slots)), unsafe.Sizeof(*new(T)), len(slots), len(slots)-Spare)
	return p, c
}

// ProducerOf returns the producer of which x is the index. It is for packages that
// lay out a ring with what belongs to it: litesync.Join has made x an end of one with
// slots of T, Spare more than its capacity.
func ProducerOf[T any](x *pad.Index) *Producer[T] { return (*Producer[T])(unsafe.Pointer(x)) }

// ConsumerOf is to the consumer what ProducerOf is to the producer.
func ConsumerOf[T any](x *pad.Index) *Consumer[T] { return (*Consumer[T])(unsafe.Pointer(x)) }

// slice returns the next n slots, in order: those up to the end of the storage,
// and those from its start.
func slice[T any](x *pad.Index, n uintptr) (first, second []T) {
	k := n
	if x.Stride > 0 {
		k = min(n, (x.End-uintptr(x.At))/unsafe.Sizeof(*new(T)))
	}
	first = unsafe.Slice((*T)(x.At), k)
	if n > k {
		second = unsafe.Slice((*T)(x.Base), n-k)
	}
	return first, second
}

// count is n as a number of slots, for the method of that name.
func count(method string, n int) uintptr {
	if n < 0 {
		panic(fmt.Sprintf("ring: %s: n is %d, below 0", method, n))
	}
	return uintptr(n)
}

// Push appends v, and reports whether there was room. It does not keep a value
// that it refused.
func (p *Producer[T]) Push(v T) (ok bool) {
	if misuse.On {
		defer misuse.Enter(p, "ring: Producer.Push")()
	}
	*(*T)(p.x.At) = v
	if _, ok = litesync.Advance(&p.x); !ok {
		clear(unsafe.Slice((*T)(p.x.At), 1)) // Fits the limit for inlining, as *p.x.At = zero would not.
	}
	return
}

// PushSlice appends as many items of vs as there is room for, from the first
// on, all at once, and returns how many.
func (p *Producer[T]) PushSlice(vs []T) int {
	if misuse.On {
		defer misuse.Enter(p, "ring: Producer.PushSlice")()
	}
	first, second := p.reserve(uintptr(len(vs)))
	n := copy(first, vs)
	n += copy(second, vs[n:])
	litesync.AdvanceBy(&p.x, uintptr(n))
	return n
}

// Reserve returns up to n free slots in the order in which they will be read,
// in two parts because they may wrap around. Nothing is visible to the consumer
// before Commit. What the slots hold is unspecified; what is written to them and
// not committed is kept alive until they are written again. Reserve again
// without Commit starts over at the same slots; so do Push and PushSlice, which
// use up what was reserved. It panics if n < 0.
func (p *Producer[T]) Reserve(n int) (first, second []T) {
	if misuse.On {
		defer misuse.Enter(p, "ring: Producer.Reserve")()
	}
	first, second = p.reserve(count("Producer.Reserve", n))
	p.x.Reserved = uint32(p.x.Passed) + uint32(len(first)+len(second))
	return first, second
}

func (p *Producer[T]) reserve(n uintptr) (first, second []T) {
	first, second = slice[T](&p.x, min(n, litesync.Available(&p.x, n)))
	if litesync.Hooks {
		litesync.WillWriteSlice(first)
		litesync.WillWriteSlice(second)
	}
	return first, second
}

// Commit publishes the first n reserved slots at once; the rest stays reserved.
// It panics, and changes nothing, if n < 0 or fewer than n are reserved.
func (p *Producer[T]) Commit(n int) {
	if misuse.On {
		defer misuse.Enter(p, "ring: Producer.Commit")()
	}
	k := count("Producer.Commit", n)
	if reserved := p.Reserved(); n > reserved {
		panic(fmt.Sprintf("ring: Producer.Commit: n is %d, but %d slots are reserved", n, reserved))
	}
	litesync.AdvanceBy(&p.x, k)
}

// Reserved returns how many slots Commit may publish.
func (p *Producer[T]) Reserved() int {
	return int(max(0, int32(p.x.Reserved-uint32(p.x.Passed)))) // Below 0 between two looks of Push.
}

// Pos returns how many items were ever published, modulo 2^wordsize. Any
// goroutine may call it; what was published before happened before.
func (p *Producer[T]) Pos() uintptr { return litesync.Published(&p.x) }

// Len returns how many items are in the ring. Any goroutine may call it; what
// it tells may be old, but lies between 0 and Cap.
func (p *Producer[T]) Len() int { return int(litesync.Between(&p.x, litesync.Other(&p.x))) }

// Cap returns the capacity.
func (p *Producer[T]) Cap() int { return int(p.x.Room) }

// Free returns Cap minus Len.
func (p *Producer[T]) Free() int { return p.Cap() - p.Len() }

// CanPush reports whether Push would succeed. It is cheaper than a look at Free
// and may be called by the producer alone.
func (p *Producer[T]) CanPush() bool { return litesync.Available(&p.x, 1) > 0 }

// Pop removes the oldest item, and reports whether there was one.
func (c *Consumer[T]) Pop() (v T, ok bool) {
	if misuse.On {
		defer misuse.Enter(c, "ring: Consumer.Pop")()
	}
	var slot unsafe.Pointer
	if slot, ok = litesync.Advance(&c.x); ok {
		v, *(*T)(slot) = *(*T)(slot), v // v is zero.
	}
	return
}

// CanPop reports whether Pop would succeed. It is cheaper than a look at Len and
// may be called by the consumer alone.
func (c *Consumer[T]) CanPop() bool { return litesync.Available(&c.x, 1) > 0 }

// PopSlice removes up to len(dst) items, in order, into dst, all at once, and
// returns how many.
func (c *Consumer[T]) PopSlice(dst []T) int {
	if misuse.On {
		defer misuse.Enter(c, "ring: Consumer.PopSlice")()
	}
	first, second := c.peek(uintptr(len(dst)))
	n := copy(dst, first)
	n += copy(dst[n:], second)
	c.release(first, second)
	litesync.Prefetch(&c.x, uintptr(n))
	return n
}

// Peek returns the oldest item in place, and reports whether there is one. The
// pointer is valid until the next Pop, PopSlice, Discard or Clear.
func (c *Consumer[T]) Peek() (*T, bool) {
	if misuse.On {
		defer misuse.Enter(c, "ring: Consumer.Peek")()
	}
	first, _ := c.peek(1)
	if len(first) == 0 {
		return nil, false
	}
	return &first[0], true
}

// PeekSlice returns up to n of the oldest items in place, in order, in two
// parts because they may wrap around. They are valid until the next Pop,
// PopSlice, Discard or Clear. It panics if n < 0.
func (c *Consumer[T]) PeekSlice(n int) (first, second []T) {
	if misuse.On {
		defer misuse.Enter(c, "ring: Consumer.PeekSlice")()
	}
	return c.peek(count("Consumer.PeekSlice", n))
}

func (c *Consumer[T]) peek(n uintptr) (first, second []T) {
	first, second = slice[T](&c.x, min(n, litesync.Available(&c.x, n)))
	if litesync.Hooks {
		litesync.WillReadSlice(first)
		litesync.WillReadSlice(second)
	}
	return first, second
}

// Discard removes up to n items and returns how many. It panics if n < 0.
func (c *Consumer[T]) Discard(n int) int {
	if misuse.On {
		defer misuse.Enter(c, "ring: Consumer.Discard")()
	}
	first, second := c.peek(count("Consumer.Discard", n))
	c.release(first, second)
	return len(first) + len(second)
}

// release gives back the slots of the oldest items, first and second.
func (c *Consumer[T]) release(first, second []T) {
	clear(first)
	clear(second)
	litesync.AdvanceBy(&c.x, uintptr(len(first)+len(second)))
}

// Drain iterates over the items and removes each before it is yielded, until
// the ring is empty. Breaking out leaves the rest in the ring.
func (c *Consumer[T]) Drain() iter.Seq[T] {
	return func(yield func(T) bool) {
		for litesync.Available(&c.x, 1) > 0 {
			if v, _ := c.Pop(); !yield(v) {
				return
			}
		}
	}
}

// Clear removes all items that are there when it is called, and returns how
// many.
func (c *Consumer[T]) Clear() int {
	return c.Discard(int(litesync.Available(&c.x, MaxCapacity)))
}

// Pos returns how many items were ever removed, modulo 2^wordsize. Any
// goroutine may call it.
func (c *Consumer[T]) Pos() uintptr { return litesync.Published(&c.x) }

// Len returns how many items are in the ring. Any goroutine may call it; what
// it tells may be old, but lies between 0 and Cap.
func (c *Consumer[T]) Len() int { return int(litesync.Between(litesync.Other(&c.x), &c.x)) }

// Cap returns the capacity.
func (c *Consumer[T]) Cap() int { return int(litesync.Other(&c.x).Room) }
