package ring

import (
	"unsafe"

	"github.com/litesync/litesync/pad"
)

// Array is the storage of an Inline: a power of two of elements.
type Array[T any] interface {
	[1]T | [2]T | [4]T | [8]T | [16]T | [32]T | [64]T | [128]T | [256]T | [512]T | [1024]T | [2048]T | [4096]T
}

// Inline is a ring with its storage inside the value, for embedding in a
// larger struct. Its capacity is the length of A. The zero value is ready; it
// must not be copied, nor moved once split.
type Inline[T any, A Array[T]] struct {
	_     pad.Line
	ends  pair[T]
	slots A
	_     [Spare]T // behind slots
	_     pad.Line
}

// Split returns the two ends, without allocating. Called again it returns the
// same two. The first call must happen before every other.
func (r *Inline[T, A]) Split() (*Producer[T], *Consumer[T]) {
	if r.ends.p.x.Base == nil {
		r.ends.join(unsafe.Slice((*T)(unsafe.Pointer(&r.slots)), len(r.slots)+Spare))
	}
	return &r.ends.p, &r.ends.c
}
