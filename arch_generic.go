//go:build ((!amd64 && !arm64) || purego || race) && !model

package litesync

import (
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/litesync/litesync/pad"
)

const backend = "generic"

// fence is what a full fence is made of here: read-modify-writes of one word
// are totally ordered, and each synchronizes with the next.
var fence atomic.Uint32

// FenceAcquire keeps earlier loads before later loads and stores.
func FenceAcquire() { fence.Add(0) }

// FenceRelease keeps earlier loads and stores before later stores.
func FenceRelease() { fence.Add(0) }

// FenceSeqCst is a full fence, StoreLoad included.
func FenceSeqCst() { fence.Add(0) }

// Pause is one spin-wait hint; portable Go has none to give.
func Pause() {}

// start is read with the monotonic clock, so Ticks cannot go back.
var start = time.Now()

// Ticks returns the nanoseconds since the package was initialized.
func Ticks() uint64 { return uint64(time.Since(start)) }

// TicksOrdered is Ticks: a call of the clock is not reordered.
func TicksOrdered() uint64 { return Ticks() }

// TicksPerSecond returns 1e9.
func TicksPerSecond() float64 { return 1e9 }

// enoughTicks is enoughNanos.
const enoughTicks = enoughNanos

// prefetch does nothing: portable Go has no such hint.
func prefetch(from, bytes uintptr) {}

// Advance takes one step of x, looking at the other end when the known Limit
// is reached, and returns the slot that it passed. It reports whether there was
// a step to take. Only the goroutine that has this end may call it. It is
// wait-free: while the stream is dense it waits a bounded time, some hundred
// nanoseconds, to find more.
func Advance(x *pad.Index) (slot unsafe.Pointer, ok bool) { return advance(x) }

func store32(p *Uint32, v uint32)        { p.v.Store(v) }
func store64(p *Uint64, v uint64)        { p.v.Store(v) }
func storeUintptr(p *Uintptr, v uintptr) { p.v.Store(v) }

func detect() []feature { return nil }
