package spsc

import (
	"unsafe"

	"github.com/litesync/litesync/pad"
)

// Size is how many bytes a channel takes beside its slots.
const Size = unsafe.Sizeof(Sender[uint64]{})

// Apart is how many bytes lie between what belongs to the one end and to the other.
const Apart = unsafe.Offsetof(core[uint64]{}.c)

// CalmAfter is after how many steps an end becomes calm, at most.
const CalmAfter = mostCalmAfter

// NewAt is New with both ends at position pos.
func NewAt[T any](capacity int, pos uintptr, opts ...Option) (*Sender[T], *Receiver[T]) {
	s, r := New[T](capacity, opts...)
	// The ends of a ring begin with their index.
	for _, x := range []*pad.Index{(*pad.Index)(unsafe.Pointer(&s.p)), (*pad.Index)(unsafe.Pointer(&s.c))} {
		x.Pos.Store(pos)
		x.Passed += pos
		x.Limit += pos
	}
	(*pad.Index)(unsafe.Pointer(&s.p)).Reserved += uint32(pos)
	s.items.since, s.room.since = uint32(pos), uint32(pos)
	return s, r
}
