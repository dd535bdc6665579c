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
type Uint32 struct{ number[uint32] }

// Uint64 is an atomic uint64 with explicit memory order.
type Uint64 struct {
	_ [0]atomic.Uint64 // for its alignment
	number[uint64]
}

// Uintptr is an atomic uintptr with explicit memory order.
type Uintptr struct{ number[uintptr] }

// number is an atomic variable of a type that can be added to.
type number[T uint32 | uint64 | uintptr] struct{ v T }

func (*number[T]) width() model.Width {
	switch any(T(0)).(type) {
	case uint32:
		return model.Word32
	case uint64:
		return model.Word64
	}
	return model.WordPtr
}

func (x *number[T]) load(o model.Order) T {
	return T(model.Load(unsafe.Pointer(&x.v), x.width(), o).N)
}

func (x *number[T]) store(v T, o model.Order) {
	model.Store(unsafe.Pointer(&x.v), x.width(), model.Word{N: uint64(v)}, o)
}

func (x *number[T]) update(u model.Updater, old, v T) (T, bool) {
	was, ok := model.Update(unsafe.Pointer(&x.v), x.width(), u, model.Word{N: uint64(old)}, model.Word{N: uint64(v)}, model.SeqCst)
	return T(was.N), ok
}

// LoadRelaxed returns the value and orders nothing.
func (x *number[T]) LoadRelaxed() T { return x.load(model.Relaxed) }

// LoadAcquire returns the value; later accesses stay after it.
func (x *number[T]) LoadAcquire() T { return x.load(model.Acquire) }

// Load returns the value, sequentially consistent.
func (x *number[T]) Load() T { return x.load(model.SeqCst) }

// StoreRelaxed stores v and orders nothing.
func (x *number[T]) StoreRelaxed(v T) { x.store(v, model.Relaxed) }

// StoreRelease stores v; earlier accesses stay before it.
func (x *number[T]) StoreRelease(v T) { x.store(v, model.Release) }

// Store stores v, sequentially consistent.
func (x *number[T]) Store(v T) { x.store(v, model.SeqCst) }

// Swap stores v and returns the value before, sequentially consistent.
func (x *number[T]) Swap(v T) T {
	was, _ := x.update(model.Swap, 0, v)
	return was
}

// CompareAndSwap stores v if the value is old, and reports whether it was;
// sequentially consistent.
func (x *number[T]) CompareAndSwap(old, v T) bool {
	_, ok := x.update(model.CompareAndSwap, old, v)
	return ok
}

// Add adds d and returns the new value, sequentially consistent.
func (x *number[T]) Add(d T) T {
	was, _ := x.update(model.Add, 0, d)
	return was + d
}

// Or sets the bits of mask and returns the value before, sequentially consistent.
func (x *number[T]) Or(mask T) T {
	was, _ := x.update(model.Or, 0, mask)
	return was
}

// And keeps the bits of mask and returns the value before, sequentially consistent.
func (x *number[T]) And(mask T) T {
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
