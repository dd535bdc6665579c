// Package pad keeps values that different cores write out of each other's
// cache lines.
package pad

import (
	"sync/atomic"
	"unsafe"
)

// Line is one padding unit. Put it before and after a group of fields that one
// goroutine writes and no neighbour should share a cache line with.
type Line struct{ _ [Size]byte }

// word is the unit that storage is rounded up to, so that the size of Value
// is a multiple of Size for every T.
const word = unsafe.Alignof(atomic.Uint64{})

type rounded[T any] struct {
	_ [0]atomic.Uint64
	_ T
}

// Value holds a V that shares its cache lines with nothing, whatever stands
// before or after it and however the Value itself is aligned. The zero value
// holds the zero T.
//
// Its size is a multiple of Size: 2*Size for a T of up to 8 bytes, and
// Size + Size/8 times the size of T in general, because Go cannot compute an
// array length from a type parameter. It is meant for counters, flags and
// indices; put Lines around anything large.
type Value[T any] struct {
	_ [0]atomic.Uint64
	_ [Size/word - 1]rounded[T]
	V T
	_ Line
}

// Index is one end's position in a single-producer single-consumer ring, with
// its cached view of the other end. Its owner, the goroutine that has this
// end, is the only writer, but for Notice; the other end reads Pos and nothing
// else. All access to Pos, and every step that moves it, is in the root package
// (Advance, AdvanceBy, Available), so that a ring only has to deal with slots.
//
// The pair is the classic Lamport queue with cached indices: Lee, Bu and
// Chandranmenon, "A Lock-Free, Cache-Efficient Shared Ring Buffer for
// Multi-Core Architectures" (MCRingBuffer), ANCS 2009.
//
// Pos stands behind what is private, on another line of 64 bytes if the Index is
// aligned to 64 bytes: a core that polls it takes the line away, and with it
// whatever else the owner needs for its next step. Whoever embeds an Index fills
// up to a multiple of Size, with padding or with what is not needed in each step.
// If the Index is aligned to the word alone, what shares the line of Pos is at
// worst the owner's, never the other end's.
type Index struct {
	// Passed counts the items this end has passed, modulo 2^wordsize: the
	// owner's own copy of Pos.
	Passed uintptr
	// Limit is how far Passed may go as far as this end knows: what the other
	// end's Pos was at the last look, plus Room.
	Limit uintptr
	// At is the slot of the next item. It always points into the object that
	// Base points to, which is why assembly may store it without the garbage
	// collector's write barrier: it never holds the only pointer to anything.
	At unsafe.Pointer
	// Stride is the size of a slot in bytes.
	Stride uintptr
	// End is the address just behind the last slot; At wraps to Base there.
	End uintptr
	// Base is the first slot.
	Base unsafe.Pointer
	// Room is how far this end may run ahead of the other: the capacity for the
	// producer, 0 for the consumer.
	Room uint32
	// Notice is a word for who uses the ring, by which others tell the owner
	// something. They write it rarely; the owner reads it at each step, which costs
	// nothing here.
	Notice atomic.Uint32
	// Other is where the other end's Index is, in bytes behind this one: both are
	// in one variable. From here on stands what a step without a look does not need.
	Other int16
	// Few: in a dense stream, a look that finds fewer steps than that is worth a
	// wait and another look.
	Few uint8
	// Streak counts the looks in a row that found the stream dense, up to 1;
	// below 0, those to go before it counts.
	Streak int8
	// Reserved is, for a producer, how far Passed may go by its last reservation,
	// the low half. Steps take it along, so that it never falls far behind.
	Reserved uint32

	_ [line - 6*unsafe.Sizeof(uintptr(0)) - 16]byte
	// Pos is Passed for the other end, which reads nothing else.
	Pos atomic.Uintptr
}

// line is the cache line of most machines.
const line = 64
