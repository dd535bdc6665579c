package spsc

import (
	"context"
	"iter"

	"github.com/litesync/litesync/internal/misuse"
	"github.com/litesync/litesync/internal/park"
	"github.com/litesync/litesync/lockfree/waker"
)

// Recv receives a value, and waits for one. Like v, ok := <-ch it returns the
// zero value and false once the channel is closed and has nothing left.
func (r *Receiver[T]) Recv() (v T, ok bool) {
	if misuse.On {
		defer misuse.Enter(r, "spsc: Receiver.Recv")()
	}
	if !r.room.isOpen() {
		v, err := r.TryRecv()
		return v, err == nil
	}
	if !r.c.Empty() { // Cheaper than a Pop that finds nothing.
		if v, ok = r.c.Pop(); ok {
			if !r.room.isCalm() { // Spares the call.
				r.taken()
			}
			return v, true
		}
	}
	if r.items.strategy != Park { // No loop here: each value would take a third longer.
		v, err := r.RecvContext(context.Background())
		return v, err == nil
	}
	r.c.Claim() // See wait.go. It stands here because each return after a switch of goroutines costs 10 ns.
	// taken, without the call: 2 % of a round trip at one P.
	if !r.room.isCalm() {
		r.room.signal(r.c.Pos())
	}
	if start, may := r.items.parker.MayPass(); may { // Wait would, but two returns deeper.
		park.Pass()
		v, ok = r.c.Pop()
		if r.items.parker.Passed(start, ok) {
			return v, true
		}
	}
	r.items.parker.Wait("spsc", r.hasItem, r.surelyHasItem)
	// There is a value, or the sender has closed, and the cut is behind what it
	// has sent.
	return r.c.Pop()
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
		if err = r.wait(ctx, r.items.strategy, &r.items, r.hasItem, r.surelyHasItem); err != nil {
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
	n, none := r.most(r.room.isOpen(), 1)
	if n > 0 {
		if v, ok := r.c.Pop(); ok {
			r.taken()
			return v, nil
		}
	}
	return v, none
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
		if err := r.wait(ctx, r.items.strategy, &r.items, r.hasItem, r.surelyHasItem); err != nil {
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
	n, none := r.most(r.room.isOpen(), len(dst))
	if n = r.c.PopSlice(dst[:n]); n == 0 {
		return 0, none
	}
	r.taken()
	return n, nil
}

// Peek returns the oldest value in place, and whether there is one. The pointer
// is valid until the next receive, Discard, Drain or Clear.
func (r *Receiver[T]) Peek() (*T, bool) {
	if misuse.On {
		defer misuse.Enter(r, "spsc: Receiver.Peek")()
	}
	if n, _ := r.most(r.room.isOpen(), 1); n == 0 {
		return nil, false
	}
	return r.c.Peek()
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
	n, _ = r.most(r.room.isOpen(), min(n, r.Cap()))
	return r.c.PeekSlice(n)
}

// Discard removes up to n values and returns how many. It panics if n < 0.
func (r *Receiver[T]) Discard(n int) int {
	if misuse.On {
		defer misuse.Enter(r, "spsc: Receiver.Discard")()
	}
	mustCount("Receiver.Discard", n)
	n, _ = r.most(r.room.isOpen(), n)
	if n = r.c.Discard(n); n > 0 {
		r.taken()
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
	if r.poll(w, &r.items, r.hasItem, r.surelyHasItem) {
		return ErrEmpty
	}
	return r.item()
}

// Closed reports whether the channel is closed and has nothing left. Any
// goroutine may call it.
func (r *Receiver[T]) Closed() bool {
	// ORDERING: acquire; what came before the Close that is seen happened before.
	if r.room.state().LoadAcquire() <= calm {
		return false
	}
	// ORDERING: relaxed; what it tells may be old.
	cut := r.cut.LoadRelaxed()
	return cut != undecided && left(cut, r.c.Pos()) == 0
}

// most returns how many of the next n values the ring may be asked for, and
// what it means if it has none. The caller has looked whether room is open before
// it looks into the ring: before Sender.Close all that the sender sent was
// published.
func (r *Receiver[T]) most(open bool, n int) (int, error) {
	if open {
		return n, ErrEmpty
	}
	return min(n, r.Len()), ErrClosed
}

// item returns nil if there is a value, else why a receive would fail.
func (r *Receiver[T]) item() error {
	if n, none := r.most(r.room.isOpen(), 1); n == 0 || !r.c.CanPop() {
		return none
	}
	return nil
}

// hasItem reports whether a receive would not wait. It touches nothing but what it
// asks for: a look more at the line of the other end's Pos would make a round trip
// a fifth longer.
func (r *Receiver[T]) hasItem() bool { return r.c.CanPop() || !r.room.isOpen() }

// surelyHasItem is hasItem when this end has announced that it waits.
func (r *Receiver[T]) surelyHasItem() bool {
	return r.hasItem() || r.items.disturb() && r.hasItem()
}
