//go:build model

package litesync

import (
	"time"
	"unsafe"

	"github.com/litesync/litesync/internal/model"
	"github.com/litesync/litesync/pad"
)

const backend = "model"

// FenceAcquire keeps earlier loads before later loads and stores.
func FenceAcquire() { model.Fence(model.Acquire) }

// FenceRelease keeps earlier loads and stores before later stores.
func FenceRelease() { model.Fence(model.Release) }

// FenceSeqCst is a full fence, StoreLoad included.
func FenceSeqCst() { model.Fence(model.SeqCst) }

// CanFenceHeavy reports whether the model is of a system with FenceHeavy.
func CanFenceHeavy() bool { return model.CanFenceHeavy() }

// FenceHeavy is a full fence in every thread.
func FenceHeavy() { model.FenceHeavy() }

// Pause ends a round of a spin loop: the checker lets the caller run on when
// another thread has done something.
func Pause() { model.Pause() }

// start is read with the monotonic clock, so Ticks cannot go back.
var start = time.Now()

// Ticks returns the nanoseconds since the package was initialized; in a model,
// where there is no time, 0.
func Ticks() uint64 {
	if model.Active() {
		return 0
	}
	return uint64(time.Since(start))
}

// TicksOrdered is Ticks.
func TicksOrdered() uint64 { return Ticks() }

// TicksPerSecond returns 1e9.
func TicksPerSecond() float64 { return 1e9 }

// enoughTicks is over at once.
const enoughTicks = 0 * enoughNanos

// prefetch does nothing: what it does elsewhere nobody can see.
func prefetch(from, bytes uintptr) {}

// Advance takes one step of x, looking at the other end when the known Limit
// is reached, and returns the slot that it passed. It reports whether there was
// a step to take. A producer has written its slot before; a consumer reads the
// one it has got, and clears it.
func Advance(x *pad.Index) (slot unsafe.Pointer, ok bool) {
	if x.Room > 0 {
		model.WillWrite(x.At, x.Stride)
		return advance(x)
	}
	if slot, ok = advance(x); ok {
		model.WillWrite(slot, x.Stride)
	}
	return slot, ok
}

func detect() []feature { return nil }
