package spsc

import (
	"unsafe"

	"github.com/litesync/litesync/lockfree/ring"
	"github.com/litesync/litesync/pad"
)

// Inline is a channel with its storage inside the value, for embedding in a
// larger struct. Its capacity is the length of A. The zero value is ready; it
// must not be copied, nor moved once split.
type Inline[T any, A ring.Array[T]] struct {
	_     pad.Line
	core  alone[T]
	slots A
	_     [ring.Spare]T // behind slots
	_     pad.Line
}

// Split returns the two ends, without allocating. Called again it returns the
// same two, and opts have no effect. The first call must happen before every
// other.
func (c *Inline[T, A]) Split(opts ...Option) (*Sender[T], *Receiver[T]) {
	if c.core.Cap() == 0 {
		c.core.init(unsafe.Slice((*T)(unsafe.Pointer(&c.slots)), len(c.slots)+ring.Spare), opts)
	}
	return &c.core.Sender, (*Receiver[T])(unsafe.Pointer(&c.core))
}
