package ring

import (
	"unsafe"

	"github.com/litesync/litesync/pad"
)

// Size is how many bytes both ends take, Apart how many lie from the one to the other.
const (
	Size  = unsafe.Sizeof(pair[int]{})
	Apart = unsafe.Offsetof(pair[int]{}.c)
)

// NewAt is New with both ends at position pos.
func NewAt[T any](capacity int, pos uintptr) (*Producer[T], *Consumer[T]) {
	p, c := New[T](capacity)
	for _, x := range []*pad.Index{&p.x, &c.x} {
		x.Pos.Store(pos)
		x.Passed += pos
		x.Limit += pos
	}
	p.x.Reserved += uint32(pos)
	return p, c
}
