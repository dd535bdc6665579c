package spsc

import (
	"reflect"
	"unsafe"

	"github.com/litesync/litesync/internal/channel"
	"github.com/litesync/litesync/pad"
)

// Size is how many bytes a channel takes beside its slots.
const Size = unsafe.Sizeof(alone[uint64]{})

// Apart is how many bytes lie between what belongs to the one end and to the other.
const Apart = unsafe.Offsetof(channel.Core{}.C)

// InOne reports whether New makes a channel of T of that capacity in one allocation.
func InOne[T any](capacity int) bool {
	return fits[T](capacity)
}

// CalmAfter is after how many steps an end becomes calm, at most.
const CalmAfter = channel.MostCalmAfter

// NewAt is New with both ends at position pos.
func NewAt[T any](capacity int, pos uintptr, opts ...Option) (*Sender[T], *Receiver[T]) {
	s, r := New[T](capacity, opts...)
	for _, x := range []*pad.Index{s.c.P(), &s.c.Core.C} {
		x.Pos.Store(pos)
		x.Passed += pos
		x.Limit += pos
	}
	s.c.P().Reserved += uint32(pos)
	core := reflect.ValueOf(&s.c.Core).Elem()
	for _, condition := range []string{"items", "room"} {
		*(*uint32)(unsafe.Pointer(core.FieldByName(condition).FieldByName("since").UnsafeAddr())) = uint32(pos)
	}
	return s, r
}
