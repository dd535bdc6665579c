package fanin

import (
	"context"
	"iter"

	"github.com/litesync/litesync/internal/misuse"
	"github.com/litesync/litesync/lockfree/waker"
)

// Recv receives a value, and waits for one. Like v, ok := <-ch it returns the
// zero value and false once nothing more will come.
func (c *Consumer[T]) Recv() (T, bool) {
	if misuse.On {
		defer misuse.Enter(c, "fanin: Consumer.Recv")()
	}
	v, err := c.recv(context.Background())
	return v, err == nil
}

// RecvContext receives a value, and waits for one. It returns ErrClosed once
// nothing more will come, and context.Cause when ctx is done and there is no
// value. It panics if ctx is nil.
func (c *Consumer[T]) RecvContext(ctx context.Context) (T, error) {
	if misuse.On {
		defer misuse.Enter(c, "fanin: Consumer.RecvContext")()
	}
	if ctx == nil {
		panic("fanin: Consumer.RecvContext: ctx is nil")
	}
	return c.recv(ctx)
}

func (c *Consumer[T]) recv(ctx context.Context) (v T, err error) {
	for {
		if v, err = c.TryRecv(); err != ErrEmpty {
			return v, err
		}
		if err = c.wait(ctx); err != nil {
			return v, err
		}
	}
}

// TryRecv receives a value if there is one. It returns ErrEmpty if not, and
// ErrClosed once nothing more will come.
func (c *Consumer[T]) TryRecv() (v T, err error) {
	if misuse.On {
		defer misuse.Enter(c, "fanin: Consumer.TryRecv")()
	}
	for {
		if c.lane != nil {
			if v, err = c.lane.r.TryRecv(); err == nil {
				c.took(1)
				return v, nil
			}
		}
		if err := c.find(); err != nil {
			return v, err
		}
	}
}

// RecvSlice receives up to len(dst) values, all that are there, and waits for
// the first. It returns 0 and ErrClosed once nothing more will come.
func (c *Consumer[T]) RecvSlice(dst []T) (int, error) {
	if misuse.On {
		defer misuse.Enter(c, "fanin: Consumer.RecvSlice")()
	}
	return c.recvSlice(context.Background(), dst)
}

// RecvSliceContext is RecvSlice that gives up, with context.Cause, when ctx is
// done and there is no value. It panics if ctx is nil.
func (c *Consumer[T]) RecvSliceContext(ctx context.Context, dst []T) (int, error) {
	if misuse.On {
		defer misuse.Enter(c, "fanin: Consumer.RecvSliceContext")()
	}
	if ctx == nil {
		panic("fanin: Consumer.RecvSliceContext: ctx is nil")
	}
	return c.recvSlice(ctx, dst)
}

func (c *Consumer[T]) recvSlice(ctx context.Context, dst []T) (int, error) {
	for {
		n, err := c.TryRecvSlice(dst)
		if err != ErrEmpty {
			return n, err
		}
		if err := c.wait(ctx); err != nil {
			return 0, err
		}
	}
}

// TryRecvSlice receives up to len(dst) values, all that are there. It returns
// n > 0 and nil, or 0 with ErrEmpty or ErrClosed; 0 and nil if dst is empty.
func (c *Consumer[T]) TryRecvSlice(dst []T) (n int, err error) {
	if misuse.On {
		defer misuse.Enter(c, "fanin: Consumer.TryRecvSlice")()
	}
	for n < len(dst) {
		if c.lane != nil {
			k, _ := c.lane.r.TryRecvSlice(dst[n:min(n+c.left, len(dst))])
			if k > 0 {
				n += k
				c.took(k)
				continue
			}
		}
		if err := c.find(); err != nil {
			if n > 0 {
				break
			}
			return 0, err
		}
	}
	return n, nil
}

// All iterates over the values and waits for each, until nothing more will come.
// Breaking out leaves the rest where it is.
func (c *Consumer[T]) All() iter.Seq[T] {
	return func(yield func(T) bool) {
		for {
			if v, ok := c.Recv(); !ok || !yield(v) {
				return
			}
		}
	}
}

// Drain iterates over the values until there is none, and does not wait.
// Breaking out leaves the rest where it is.
func (c *Consumer[T]) Drain() iter.Seq[T] {
	return func(yield func(T) bool) {
		for {
			if v, err := c.TryRecv(); err != nil || !yield(v) {
				return
			}
		}
	}
}

// Poll returns nil if there is a value and ErrClosed if nothing more will come.
// Else it returns ErrEmpty, and w is woken when that may have changed. A later
// Poll or blocking receive replaces the registration. It panics if w is nil.
func (c *Consumer[T]) Poll(w waker.Waker) error {
	if misuse.On {
		defer misuse.Enter(c, "fanin: Consumer.Poll")()
	}
	if w == nil {
		panic("fanin: Consumer.Poll: w is nil")
	}
	for {
		if err := c.find(); err != ErrEmpty {
			return err
		}
		if !c.set.Poll(w) {
			return ErrEmpty
		}
	}
}

// wait waits until there is a reason to look again, and returns the cause when
// ctx is done before.
func (c *Consumer[T]) wait(ctx context.Context) error {
	i, err := c.set.WaitContext(ctx)
	if err == nil {
		c.enter(i)
	}
	return err
}

// find makes a lane that has a value the current one and returns nil; if there is
// none it returns why.
func (c *Consumer[T]) find() error {
	for {
		if c.lane == nil {
			i, ok := c.set.TryWait()
			if !ok {
				return c.none()
			}
			c.enter(i)
			continue
		}
		switch c.lane.r.Poll(c.set.Waker(c.slot)) {
		case nil:
			return nil
		case ErrEmpty:
			c.lane = nil
		default:
			c.retire()
		}
	}
}

// enter makes the lane of source i the current one, if there is one: the source
// may be that of Seal, or have been woken for a lane that was retired.
func (c *Consumer[T]) enter(i int) {
	if i < len(c.lanes) {
		c.lane, c.slot, c.left = c.at(i), i, turn
	}
}

// took notes that the current lane has given n values. When its turn is over it
// stays ready, behind the others.
func (c *Consumer[T]) took(n int) {
	if c.left -= n; c.left == 0 {
		c.lane = nil
		c.set.Waker(c.slot).Wake()
	}
}

// retire frees the slot of the current lane, which is closed and empty.
func (c *Consumer[T]) retire() {
	c.lane = nil
	// ORDERING: relaxed; who takes the slot reads nothing from it.
	c.lanes[c.slot].StoreRelaxed(nil)
	// ORDERING: release; pairs with the compare-and-swap in join.
	c.state.Add(^uint32(0))
}
