package spsc

import (
	"context"
	"iter"
	"unsafe"

	"github.com/litesync/litesync/internal/channel"
	"github.com/litesync/litesync/internal/misuse"
	"github.com/litesync/litesync/lockfree/waker"
)

// Recv receives a value, and waits for one. Like v, ok := <-ch it returns the
// zero value and false once the channel is closed and has nothing left.
func (r *Receiver[T]) Recv() (v T, ok bool) {
	if misuse.On {
		defer misuse.Enter(r, "spsc: Receiver.Recv")()
	}
	if slot := (*T)(channel.RecvStep((*channel.Receiver)(unsafe.Pointer(r)))); slot != nil {
		v, *slot = *slot, v // v is zero.
		ok = true
	}
	return
}

// RecvContext receives a value, and waits for one. It returns ErrClosed once
// the channel is closed and has nothing left, and context.Cause when ctx is
// done and there is no value. It panics if ctx is nil.
func (r *Receiver[T]) RecvContext(ctx context.Context) (v T, err error) {
	if misuse.On {
		defer misuse.Enter(r, "spsc: Receiver.RecvContext")()
	}
	mustContext("Receiver.RecvContext", ctx)
	for {
		if v, err = r.TryRecv(); err != ErrEmpty {
			return v, err
		}
		if err = r.end().Wait(ctx); err != nil {
			return v, err
		}
	}
}

// TryRecv receives a value if there is one. It returns ErrEmpty if not, and
// ErrClosed once the channel is closed and has nothing left.
func (r *Receiver[T]) TryRecv() (v T, err error) {
	if misuse.On {
		defer misuse.Enter(r, "spsc: Receiver.TryRecv")()
	}
	slot, err := (*channel.Receiver)(unsafe.Pointer(r)).Take() // Inlined so, and not with end.
	if slot != nil {
		v, *(*T)(slot) = *(*T)(slot), v // v is zero.
	}
	return v, err
}

// RecvSlice receives up to len(dst) values, all that are there, and waits for
// the first. It returns 0 and ErrClosed once the channel is closed and has
// nothing left.
func (r *Receiver[T]) RecvSlice(dst []T) (int, error) {
	if misuse.On {
		defer misuse.Enter(r, "spsc: Receiver.RecvSlice")()
	}
	return r.recvSlice(context.Background(), dst)
}

// RecvSliceContext is RecvSlice that gives up, with context.Cause, when ctx is
// done and there is no value. It panics if ctx is nil.
func (r *Receiver[T]) RecvSliceContext(ctx context.Context, dst []T) (int, error) {
	if misuse.On {
		defer misuse.Enter(r, "spsc: Receiver.RecvSliceContext")()
	}
	mustContext("Receiver.RecvSliceContext", ctx)
	return r.recvSlice(ctx, dst)
}

func (r *Receiver[T]) recvSlice(ctx context.Context, dst []T) (int, error) {
	for {
		n, err := r.TryRecvSlice(dst)
		if err != ErrEmpty {
			return n, err
		}
		if err := r.end().Wait(ctx); err != nil {
			return 0, err
		}
	}
}

// RecvFull receives len(dst) values, and waits for them. It returns how many it
// received: n < len(dst) only with ErrClosed, when the channel is closed and
// has nothing left.
func (r *Receiver[T]) RecvFull(dst []T) (int, error) {
	if misuse.On {
		defer misuse.Enter(r, "spsc: Receiver.RecvFull")()
	}
	return r.recvFull(context.Background(), dst)
}

// RecvFullContext is RecvFull that gives up, with context.Cause, when ctx is
// done and there is no value. It panics if ctx is nil.
func (r *Receiver[T]) RecvFullContext(ctx context.Context, dst []T) (int, error) {
	if misuse.On {
		defer misuse.Enter(r, "spsc: Receiver.RecvFullContext")()
	}
	mustContext("Receiver.RecvFullContext", ctx)
	return r.recvFull(ctx, dst)
}

func (r *Receiver[T]) recvFull(ctx context.Context, dst []T) (n int, err error) {
	for n < len(dst) && err == nil {
		var k int
		k, err = r.recvSlice(ctx, dst[n:])
		n += k
	}
	return n, err
}

// TryRecvSlice receives up to len(dst) values, all that are there. It returns
// n > 0 and nil, or 0 with ErrEmpty or ErrClosed.
func (r *Receiver[T]) TryRecvSlice(dst []T) (int, error) {
	if misuse.On {
		defer misuse.Enter(r, "spsc: Receiver.TryRecvSlice")()
	}
	if len(dst) == 0 {
		return 0, nil
	}
	n, none := r.end().Most(len(dst))
	if n = r.ring().PopSlice(dst[:n]); n == 0 {
		return 0, none
	}
	r.end().Taken()
	return n, nil
}

// Peek returns the oldest value in place, and whether there is one. The pointer
// is valid until the next receive, Discard, Drain or Clear.
func (r *Receiver[T]) Peek() (*T, bool) {
	if misuse.On {
		defer misuse.Enter(r, "spsc: Receiver.Peek")()
	}
	if n, _ := r.end().Most(1); n == 0 {
		return nil, false
	}
	return r.ring().Peek()
}

// PeekSlice returns up to n of the oldest values in place, in order, in two
// parts because they may wrap around. They are valid until the next receive,
// Discard, Drain or Clear. It panics if n < 0.
func (r *Receiver[T]) PeekSlice(n int) (first, second []T) {
	if misuse.On {
		defer misuse.Enter(r, "spsc: Receiver.PeekSlice")()
	}
	mustCount("Receiver.PeekSlice", n)
	// Not the value of a sender that waits: Close may refuse it.
	n, _ = r.end().Most(min(n, r.Cap()))
	return r.ring().PeekSlice(n)
}

// Discard removes up to n values and returns how many. It panics if n < 0.
func (r *Receiver[T]) Discard(n int) int {
	if misuse.On {
		defer misuse.Enter(r, "spsc: Receiver.Discard")()
	}
	mustCount("Receiver.Discard", n)
	n, _ = r.end().Most(n)
	if n = r.ring().Discard(n); n > 0 {
		r.end().Taken()
	}
	return n
}

// All iterates over the values and waits for each, until the channel is closed
// and has nothing left. Breaking out leaves the rest in the channel.
func (r *Receiver[T]) All() iter.Seq[T] {
	return func(yield func(T) bool) {
		for {
			if v, ok := r.Recv(); !ok || !yield(v) {
				return
			}
		}
	}
}

// Drain iterates over the values until there is none, and does not wait.
// Breaking out leaves the rest in the channel.
func (r *Receiver[T]) Drain() iter.Seq[T] {
	return func(yield func(T) bool) {
		for {
			if v, err := r.TryRecv(); err != nil || !yield(v) {
				return
			}
		}
	}
}

// Clear removes all values that are there when it is called, and returns how
// many.
func (r *Receiver[T]) Clear() int { return r.Discard(r.Len()) }

// Poll returns nil if there is a value, and ErrClosed if the channel is closed
// and has nothing left. Else it returns ErrEmpty, and w is woken when that may
// have changed. A later Poll or blocking receive replaces the registration. It
// panics if w is nil.
func (r *Receiver[T]) Poll(w waker.Waker) error {
	if misuse.On {
		defer misuse.Enter(r, "spsc: Receiver.Poll")()
	}
	mustWaker("Receiver.Poll", w)
	return r.end().Poll(w)
}

// Closed reports whether the channel is closed and has nothing left. Any
// goroutine may call it.
func (r *Receiver[T]) Closed() bool { return r.end().Closed() }

// Close makes later sends fail with ErrClosed, and wakes the sender if it
// waits. What was accepted, by sends that run at the same time too, can still
// be received after Close has returned, and then ErrClosed. Close is
// idempotent.
func (r *Receiver[T]) Close() {
	if misuse.On {
		defer misuse.Enter(r, "spsc: Receiver.Close")()
	}
	r.end().Close()
}
