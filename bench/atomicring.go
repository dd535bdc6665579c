package main

import (
	"sync/atomic"

	"github.com/litesync/litesync/pad"
)

// atomicRing is what one writes without this library: the same cached indices
// and the same padding as our ring, published with sync/atomic.
type atomicRing[T any] struct {
	slots []T
	mask  uint64
	_     pad.Line
	head  atomic.Uint64 // written by the consumer
	tailC uint64        // the consumer's view of tail
	_     pad.Line
	tail  atomic.Uint64 // written by the producer
	headC uint64        // the producer's view of head
	_     pad.Line
}

// newAtomicRing rounds the capacity up to a power of two.
func newAtomicRing[T any](capacity int) *atomicRing[T] {
	size := 1
	for size < capacity {
		size *= 2
	}
	return &atomicRing[T]{slots: make([]T, size), mask: uint64(size - 1)}
}

func (r *atomicRing[T]) push(v T) bool {
	tail := r.tail.Load()
	if tail-r.headC > r.mask {
		if r.headC = r.head.Load(); tail-r.headC > r.mask {
			return false
		}
	}
	r.slots[tail&r.mask] = v
	r.tail.Store(tail + 1)
	return true
}

func (r *atomicRing[T]) pop() (v T, ok bool) {
	head := r.head.Load()
	if head == r.tailC {
		if r.tailC = r.tail.Load(); head == r.tailC {
			return v, false
		}
	}
	slot := &r.slots[head&r.mask]
	v = *slot
	var zero T
	*slot = zero
	r.head.Store(head + 1)
	return v, true
}
