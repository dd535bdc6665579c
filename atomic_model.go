//go:build model

package litesync

import (
	"sync/atomic"
	"unsafe"

	"github.com/litesync/litesync/internal/model"
)

// The types of atomic.go in front of the checker, with their sizes. What each
// method orders is what its name says and nothing more.

// Uint32 is an atomic uint32 with explicit memory order.
type Uint32 struct{ v atomic.Uint32 }

func (x *Uint32) load(o model.Order) uint32 {
	return uint32(model.Load(unsafe.Pointer(&x.v), model.Word32, o).N)
}

func (x *Uint32) store(v uint32, o model.Order) {
	model.Store(unsafe.Pointer(&x.v), model.Word32, model.Word{N: uint64(v)}, o)
}

func (x *Uint32) update(u model.Updater, old, v uint32) (uint32, bool) {
	was, ok := model.Update(unsafe.Pointer(&x.v), model.Word32, u, model.Word{N: uint64(old)}, model.Word{N: uint64(v)}, model.SeqCst)
	return uint32(was.N), ok
}

// LoadRelaxed returns the value and orders nothing.
func (x *Uint32) LoadRelaxed() uint32 { return x.load(model.Relaxed) }

// LoadAcquire returns the value; later accesses stay after it.
func (x *Uint32) LoadAcquire() uint32 { return x.load(model.Acquire) }

// Load returns the value, sequentially consistent.
func (x *Uint32) Load() uint32 { return x.load(model.SeqCst) }

// StoreRelaxed stores v and orders nothing.
func (x *Uint32) StoreRelaxed(v uint32) { x.store(v, model.Relaxed) }

// StoreRelease stores v; earlier accesses stay before it.
func (x *Uint32) StoreRelease(v uint32) { x.store(v, model.Release) }

// Store stores v, sequentially consistent.
func (x *Uint32) Store(v uint32) { x.store(v, model.SeqCst) }

// Swap stores v and returns the value before, sequentially consistent.
func (x *Uint32) Swap(v uint32) uint32 {
	was, _ := x.update(model.Swap, 0, v)
	return was
}

// CompareAndSwap stores v if the value is old, and reports whether it was;
// sequentially consistent.
func (x *Uint32) CompareAndSwap(old, v uint32) bool {
	_, ok := x.update(model.CompareAndSwap, old, v)
	return ok
}

// Add adds d and returns the new value, sequentially consistent.
func (x *Uint32) Add(d uint32) uint32 {
	was, _ := x.update(model.Add, 0, d)
	return was + d
}

// Or sets the bits of mask and returns the value before, sequentially consistent.
func (x *Uint32) Or(mask uint32) uint32 {
	was, _ := x.update(model.Or, 0, mask)
	return was
}

// And keeps the bits of mask and returns the value before, sequentially consistent.
func (x *Uint32) And(mask uint32) uint32 {
	was, _ := x.update(model.And, 0, mask)
	return was
}

// Uint64 is an atomic uint64 with explicit memory order.
type Uint64 struct{ v atomic.Uint64 }

func (x *Uint64) load(o model.Order) uint64 {
	return uint64(model.Load(unsafe.Pointer(&x.v), model.Word64, o).N)
}

func (x *Uint64) store(v uint64, o model.Order) {
	model.Store(unsafe.Pointer(&x.v), model.Word64, model.Word{N: uint64(v)}, o)
}

func (x *Uint64) update(u model.Updater, old, v uint64) (uint64, bool) {
	was, ok := model.Update(unsafe.Pointer(&x.v), model.Word64, u, model.Word{N: uint64(old)}, model.Word{N: uint64(v)}, model.SeqCst)
	return uint64(was.N), ok
}

// LoadRelaxed returns the value and orders nothing.
func (x *Uint64) LoadRelaxed() uint64 { return x.load(model.Relaxed) }

// LoadAcquire returns the value; later accesses stay after it.
func (x *Uint64) LoadAcquire() uint64 { return x.load(model.Acquire) }

// Load returns the value, sequentially consistent.
func (x *Uint64) Load() uint64 { return x.load(model.SeqCst) }

// StoreRelaxed stores v and orders nothing.
func (x *Uint64) StoreRelaxed(v uint64) { x.store(v, model.Relaxed) }

// StoreRelease stores v; earlier accesses stay before it.
func (x *Uint64) StoreRelease(v uint64) { x.store(v, model.Release) }

// Store stores v, sequentially consistent.
func (x *Uint64) Store(v uint64) { x.store(v, model.SeqCst) }

// Swap stores v and returns the value before, sequentially consistent.
func (x *Uint64) Swap(v uint64) uint64 {
	was, _ := x.update(model.Swap, 0, v)
	return was
}

// CompareAndSwap stores v if the value is old, and reports whether it was;
// sequentially consistent.
func (x *Uint64) CompareAndSwap(old, v uint64) bool {
	_, ok := x.update(model.CompareAndSwap, old, v)
	return ok
}

// Add adds d and returns the new value, sequentially consistent.
func (x *Uint64) Add(d uint64) uint64 {
	was, _ := x.update(model.Add, 0, d)
	return was + d
}

// Or sets the bits of mask and returns the value before, sequentially consistent.
func (x *Uint64) Or(mask uint64) uint64 {
	was, _ := x.update(model.Or, 0, mask)
	return was
}

// And keeps the bits of mask and returns the value before, sequentially consistent.
func (x *Uint64) And(mask uint64) uint64 {
	was, _ := x.update(model.And, 0, mask)
	return was
}

// Uintptr is an atomic uintptr with explicit memory order.
type Uintptr struct{ v atomic.Uintptr }

func (x *Uintptr) load(o model.Order) uintptr {
	return uintptr(model.Load(unsafe.Pointer(&x.v), model.WordPtr, o).N)
}

func (x *Uintptr) store(v uintptr, o model.Order) {
	model.Store(unsafe.Pointer(&x.v), model.WordPtr, model.Word{N: uint64(v)}, o)
}

func (x *Uintptr) update(u model.Updater, old, v uintptr) (uintptr, bool) {
	was, ok := model.Update(unsafe.Pointer(&x.v), model.WordPtr, u, model.Word{N: uint64(old)}, model.Word{N: uint64(v)}, model.SeqCst)
	return uintptr(was.N), ok
}

// LoadRelaxed returns the value and orders nothing.
func (x *Uintptr) LoadRelaxed() uintptr { return x.load(model.Relaxed) }

// LoadAcquire returns the value; later accesses stay after it.
func (x *Uintptr) LoadAcquire() uintptr { return x.load(model.Acquire) }

// Load returns the value, sequentially consistent.
func (x *Uintptr) Load() uintptr { return x.load(model.SeqCst) }

// StoreRelaxed stores v and orders nothing.
func (x *Uintptr) StoreRelaxed(v uintptr) { x.store(v, model.Relaxed) }

// StoreRelease stores v; earlier accesses stay before it.
func (x *Uintptr) StoreRelease(v uintptr) { x.store(v, model.Release) }

// Store stores v, sequentially consistent.
func (x *Uintptr) Store(v uintptr) { x.store(v, model.SeqCst) }

// Swap stores v and returns the value before, sequentially consistent.
func (x *Uintptr) Swap(v uintptr) uintptr {
	was, _ := x.update(model.Swap, 0, v)
	return was
}

// CompareAndSwap stores v if the value is old, and reports whether it was;
// sequentially consistent.
func (x *Uintptr) CompareAndSwap(old, v uintptr) bool {
	_, ok := x.update(model.CompareAndSwap, old, v)
	return ok
}

// Add adds d and returns the new value, sequentially consistent.
func (x *Uintptr) Add(d uintptr) uintptr {
	was, _ := x.update(model.Add, 0, d)
	return was + d
}

// Or sets the bits of mask and returns the value before, sequentially consistent.
func (x *Uintptr) Or(mask uintptr) uintptr {
	was, _ := x.update(model.Or, 0, mask)
	return was
}

// And keeps the bits of mask and returns the value before, sequentially consistent.
func (x *Uintptr) And(mask uintptr) uintptr {
	was, _ := x.update(model.And, 0, mask)
	return was
}

// Pointer is an atomic *T with explicit memory order.
type Pointer[T any] struct{ v atomic.Pointer[T] }

func (x *Pointer[T]) load(o model.Order) *T {
	return (*T)(model.Load(unsafe.Pointer(&x.v), model.Pointer, o).P)
}

func (x *Pointer[T]) store(p *T, o model.Order) {
	model.Store(unsafe.Pointer(&x.v), model.Pointer, model.Word{P: unsafe.Pointer(p)}, o)
}

func (x *Pointer[T]) update(u model.Updater, old, p *T) (*T, bool) {
	was, ok := model.Update(unsafe.Pointer(&x.v), model.Pointer, u, model.Word{P: unsafe.Pointer(old)}, model.Word{P: unsafe.Pointer(p)}, model.SeqCst)
	return (*T)(was.P), ok
}

// LoadRelaxed returns the pointer and orders nothing.
func (x *Pointer[T]) LoadRelaxed() *T { return x.load(model.Relaxed) }

// LoadAcquire returns the pointer; later accesses stay after it.
func (x *Pointer[T]) LoadAcquire() *T { return x.load(model.Acquire) }

// Load returns the pointer, sequentially consistent.
func (x *Pointer[T]) Load() *T { return x.load(model.SeqCst) }

// StoreRelaxed stores p and orders nothing.
func (x *Pointer[T]) StoreRelaxed(p *T) { x.store(p, model.Relaxed) }

// StoreRelease stores p; earlier accesses stay before it.
func (x *Pointer[T]) StoreRelease(p *T) { x.store(p, model.Release) }

// Store stores p, sequentially consistent.
func (x *Pointer[T]) Store(p *T) { x.store(p, model.SeqCst) }

// Swap stores p and returns the pointer before, sequentially consistent.
func (x *Pointer[T]) Swap(p *T) *T {
	was, _ := x.update(model.Swap, nil, p)
	return was
}

// CompareAndSwap stores p if the pointer is old, and reports whether it was;
// sequentially consistent.
func (x *Pointer[T]) CompareAndSwap(old, p *T) bool {
	_, ok := x.update(model.CompareAndSwap, old, p)
	return ok
}

// CompareAndSwapStatic is CompareAndSwap for pointers that the garbage
// collector does not manage.
func (x *Pointer[T]) CompareAndSwapStatic(old, p *T) bool { return x.CompareAndSwap(old, p) }

// StoreReleaseStatic is StoreRelease for pointers that the garbage collector
// does not manage.
func (x *Pointer[T]) StoreReleaseStatic(p *T) { x.StoreRelease(p) }

// Reset makes the pointer nil while nobody else uses x.
func (x *Pointer[T]) Reset() { x.StoreRelaxed(nil) }
