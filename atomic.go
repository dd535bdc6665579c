//go:build !model

package litesync

import (
	"sync/atomic"
	"unsafe"
)

// Uint32 is an atomic uint32 with explicit memory order. The zero value is 0.
// It must not be copied.
type Uint32 struct{ v atomic.Uint32 }

// LoadRelaxed returns the value and orders nothing.
func (x *Uint32) LoadRelaxed() uint32 { return x.v.Load() }

// LoadAcquire returns the value; later accesses stay after it.
func (x *Uint32) LoadAcquire() uint32 { return x.v.Load() }

// Load returns the value, sequentially consistent.
func (x *Uint32) Load() uint32 { return x.v.Load() }

// StoreRelaxed stores v and orders nothing.
func (x *Uint32) StoreRelaxed(v uint32) { store32(x, v) }

// StoreRelease stores v; earlier accesses stay before it.
func (x *Uint32) StoreRelease(v uint32) { store32(x, v) }

// Store stores v, sequentially consistent.
func (x *Uint32) Store(v uint32) { x.v.Store(v) }

// Swap stores v and returns the value before, sequentially consistent.
func (x *Uint32) Swap(v uint32) uint32 { return x.v.Swap(v) }

// CompareAndSwap stores v if the value is old, and reports whether it was;
// sequentially consistent.
func (x *Uint32) CompareAndSwap(old, v uint32) bool { return x.v.CompareAndSwap(old, v) }

// Add adds d and returns the new value, sequentially consistent.
func (x *Uint32) Add(d uint32) uint32 { return x.v.Add(d) }

// Or sets the bits of mask and returns the value before, sequentially consistent.
func (x *Uint32) Or(mask uint32) uint32 { return x.v.Or(mask) }

// And keeps the bits of mask and returns the value before, sequentially consistent.
func (x *Uint32) And(mask uint32) uint32 { return x.v.And(mask) }

// Uint64 is an atomic uint64 with explicit memory order, aligned to 8 bytes on
// every platform. The zero value is 0. It must not be copied.
type Uint64 struct{ v atomic.Uint64 }

// LoadRelaxed returns the value and orders nothing.
func (x *Uint64) LoadRelaxed() uint64 { return x.v.Load() }

// LoadAcquire returns the value; later accesses stay after it.
func (x *Uint64) LoadAcquire() uint64 { return x.v.Load() }

// Load returns the value, sequentially consistent.
func (x *Uint64) Load() uint64 { return x.v.Load() }

// StoreRelaxed stores v and orders nothing.
func (x *Uint64) StoreRelaxed(v uint64) { store64(x, v) }

// StoreRelease stores v; earlier accesses stay before it.
func (x *Uint64) StoreRelease(v uint64) { store64(x, v) }

// Store stores v, sequentially consistent.
func (x *Uint64) Store(v uint64) { x.v.Store(v) }

// Swap stores v and returns the value before, sequentially consistent.
func (x *Uint64) Swap(v uint64) uint64 { return x.v.Swap(v) }

// CompareAndSwap stores v if the value is old, and reports whether it was;
// sequentially consistent.
func (x *Uint64) CompareAndSwap(old, v uint64) bool { return x.v.CompareAndSwap(old, v) }

// Add adds d and returns the new value, sequentially consistent.
func (x *Uint64) Add(d uint64) uint64 { return x.v.Add(d) }

// Or sets the bits of mask and returns the value before, sequentially consistent.
func (x *Uint64) Or(mask uint64) uint64 { return x.v.Or(mask) }

// And keeps the bits of mask and returns the value before, sequentially consistent.
func (x *Uint64) And(mask uint64) uint64 { return x.v.And(mask) }

// Uintptr is an atomic uintptr with explicit memory order. The zero value is 0.
// It must not be copied.
type Uintptr struct{ v atomic.Uintptr }

// LoadRelaxed returns the value and orders nothing.
func (x *Uintptr) LoadRelaxed() uintptr { return x.v.Load() }

// LoadAcquire returns the value; later accesses stay after it.
func (x *Uintptr) LoadAcquire() uintptr { return x.v.Load() }

// Load returns the value, sequentially consistent.
func (x *Uintptr) Load() uintptr { return x.v.Load() }

// StoreRelaxed stores v and orders nothing.
func (x *Uintptr) StoreRelaxed(v uintptr) { storeUintptr(x, v) }

// StoreRelease stores v; earlier accesses stay before it.
func (x *Uintptr) StoreRelease(v uintptr) { storeUintptr(x, v) }

// Store stores v, sequentially consistent.
func (x *Uintptr) Store(v uintptr) { x.v.Store(v) }

// Swap stores v and returns the value before, sequentially consistent.
func (x *Uintptr) Swap(v uintptr) uintptr { return x.v.Swap(v) }

// CompareAndSwap stores v if the value is old, and reports whether it was;
// sequentially consistent.
func (x *Uintptr) CompareAndSwap(old, v uintptr) bool { return x.v.CompareAndSwap(old, v) }

// Add adds d and returns the new value, sequentially consistent.
func (x *Uintptr) Add(d uintptr) uintptr { return x.v.Add(d) }

// Or sets the bits of mask and returns the value before, sequentially consistent.
func (x *Uintptr) Or(mask uintptr) uintptr { return x.v.Or(mask) }

// And keeps the bits of mask and returns the value before, sequentially consistent.
func (x *Uintptr) And(mask uintptr) uintptr { return x.v.And(mask) }

// Pointer is an atomic *T with explicit memory order. The zero value is nil.
// It must not be copied.
//
// Its stores are sequentially consistent on every backend: a pointer store
// needs the garbage collector's write barrier, which only sync/atomic has.
type Pointer[T any] struct{ v atomic.Pointer[T] }

// LoadRelaxed returns the pointer and orders nothing.
func (x *Pointer[T]) LoadRelaxed() *T { return x.v.Load() }

// LoadAcquire returns the pointer; later accesses stay after it.
func (x *Pointer[T]) LoadAcquire() *T { return x.v.Load() }

// Load returns the pointer, sequentially consistent.
func (x *Pointer[T]) Load() *T { return x.v.Load() }

// StoreRelaxed stores p and orders nothing.
func (x *Pointer[T]) StoreRelaxed(p *T) { x.v.Store(p) }

// StoreRelease stores p; earlier accesses stay before it.
func (x *Pointer[T]) StoreRelease(p *T) { x.v.Store(p) }

// Store stores p, sequentially consistent.
func (x *Pointer[T]) Store(p *T) { x.v.Store(p) }

// Swap stores p and returns the pointer before, sequentially consistent.
func (x *Pointer[T]) Swap(p *T) *T { return x.v.Swap(p) }

// CompareAndSwap stores p if the pointer is old, and reports whether it was;
// sequentially consistent.
func (x *Pointer[T]) CompareAndSwap(old, p *T) bool { return x.v.CompareAndSwap(old, p) }

// CompareAndSwapStatic is CompareAndSwap without the write barrier, which is a
// call. Both pointers must be ones that the garbage collector does not manage:
// nil or the address of a variable at package level.
func (x *Pointer[T]) CompareAndSwapStatic(old, p *T) bool {
	return x.static().v.CompareAndSwap(uintptr(unsafe.Pointer(old)), uintptr(unsafe.Pointer(p)))
}

// StoreReleaseStatic is StoreRelease without the write barrier. Both p and the
// pointer that it replaces must be ones that the garbage collector does not
// manage.
func (x *Pointer[T]) StoreReleaseStatic(p *T) {
	x.static().StoreRelease(uintptr(unsafe.Pointer(p)))
}

// static returns x as the collector's business no longer: a write barrier
// shades the pointer that is overwritten and the one that is written, and there
// is nothing to shade in either.
func (x *Pointer[T]) static() *Uintptr { return (*Uintptr)(unsafe.Pointer(x)) }

// Reset makes the pointer nil while nobody else uses x: it is a plain store.
func (x *Pointer[T]) Reset() { *x = Pointer[T]{} }
