// Package spsc is a blocking bounded channel between one sender and one
// receiver, on the wait-free ring of package ring.
//
// Each end belongs to one goroutine at a time; another goroutine may take an
// end over after a happens-before hand-off. Only Len, Free, Cap and Closed may
// be called from anywhere. Nothing allocates but New, and a wait that sleeps
// with a context that can be done.
//
// What the sender did before a send happens before the receiver gets the
// value. What the receiver did before it took a value happens before the
// sender gets that slot again. What an end did before its Close happens before
// the other end finds the channel closed, and before a Closed that says so.
//
// # Waiting
//
// A blocking call tries first, then waits as the channel's [Strategy] says.
// The end that moves looks at what the other end shows after each step, and
// wakes it if it sleeps. One look costs a load; there is no wake per item. The
// Try methods, Poll, Reserve, Commit, Peek, Discard, Drain and Clear never
// wait, whatever the strategy.
//
// While a Send sleeps its value can already be received, and while a Recv sleeps
// there is room for one value more, as with a Go channel. Neither counts in Len.
//
// A method that waits and is handed a context returns [context.Cause] when the
// context is done and there is nothing to take and no room. It has no effect
// then, but for the slice methods, which say how many went through before.
//
// # Closing
//
// Either end may close. The channel then has a definite last value, the cut:
// all values up to it were accepted and can be received, none behind it was.
// A send that returns nil sent a value before the cut, one that returns an
// error did not, however close the two ends came to each other. See close.go.
//
// An end that is forgotten without Close leaves the other one waiting; package
// owned has ends that close when they are dropped.
package spsc

import (
	"errors"
	"fmt"
	"unsafe"

	"github.com/litesync/litesync"
	"github.com/litesync/litesync/lockfree/ring"
	"github.com/litesync/litesync/pad"
)

// The reasons for which a call has nothing to give.
var (
	ErrFull   = errors.New("spsc: full")
	ErrEmpty  = errors.New("spsc: empty")
	ErrClosed = errors.New("spsc: closed")
)

// Strategy is how both ends of a channel wait.
type Strategy uint8

const (
	// Park spins for a short, calibrated while and then puts the goroutine to
	// sleep. It stops to spin when that does not pay.
	Park Strategy = iota
	// Yield lets other goroutines run between looks and never sleeps.
	Yield
	// Spin keeps the processor, but for a call of the scheduler now and then,
	// and never sleeps. It is for ends that have a core each.
	Spin
	strategies
)

// Option changes what New and Split make.
type Option struct{ strategy Strategy }

// WithStrategy makes both ends wait as s says; the default is Park. It panics if
// s is none of Park, Yield and Spin.
func WithStrategy(s Strategy) Option {
	if s >= strategies {
		panic(fmt.Sprintf("spsc: WithStrategy: s is %d, not Park, Yield or Spin", s))
	}
	return Option{s}
}

// Sender is the sending end of a channel. Get one from New or Inline.Split; it
// must not be copied.
type Sender[T any] struct{ core[T] }

// Receiver is the receiving end of a channel. Get one from New or Inline.Split;
// it must not be copied.
type Receiver[T any] struct{ core[T] }

// core is a channel without the slots. Sender and Receiver are two views of the
// same core. What an end needs for each step is with the private fields of its
// index. All else fills the lines of the two Pos, of which the other end takes the
// line away when it polls: so it is what is needed by who polls, or rarely. On
// 64-bit machines the allocator aligns a core to pad.Size.
//
// The compiler checks a pointer for nil with a load from where it points to, unless
// another load does for it. That is the sender's line: a Receiver begins with
// a look at a field of its own.
type core[T any] struct {
	_ noCopy
	p ring.Producer[T]
	// items is what the receiver waits for.
	items condition
	// cut is where a closed channel ends; see close.go.
	cut litesync.Uint64
	_   [gap]byte

	c ring.Consumer[T]
	// room is what the sender waits for.
	room condition
	_    [gap + 8]byte
}

// gap is what an end and 8 bytes lack to a multiple of pad.Size.
const gap = (pad.Size - (unsafe.Sizeof(struct {
	_ ring.Producer[byte]
	_ condition
}{})+8)%pad.Size) % pad.Size

// noCopy makes go vet report copies.
type noCopy struct{}

func (*noCopy) Lock()   {}
func (*noCopy) Unlock() {}

// For inlining; see the same in package ring.
var _ Sender[byte]

// New returns the two ends of a new channel that holds up to capacity values,
// exactly. It allocates twice. It panics unless 1 <= capacity <=
// ring.MaxCapacity.
func New[T any](capacity int, opts ...Option) (*Sender[T], *Receiver[T]) {
	if capacity < 1 || capacity > ring.MaxCapacity {
		panic(fmt.Sprintf("spsc: New: capacity %d is not between 1 and %d", capacity, ring.MaxCapacity))
	}
	return new(Sender[T]).init(make([]T, capacity+ring.Spare), opts)
}

// init makes s a channel with those slots and returns both views of it.
func (s *Sender[T]) init(slots []T, opts []Option) (*Sender[T], *Receiver[T]) {
	var o Option
	if n := len(opts); n > 0 {
		o = opts[n-1]
	}
	s.items.strategy, s.room.strategy = o.strategy, o.strategy // First, as in litesync.Join.
	ring.Join(&s.p, &s.c, slots)
	litesync.CanFenceHeavy() // The first call takes up to 0.3 ms: here, not in a send.
	return s, (*Receiver[T])(s)
}

// Len returns how many values can still be received. Any goroutine may call
// it; what it tells may be old, but lies between 0 and Cap.
func (c *core[T]) Len() int {
	// ORDERING: acquire; pairs with the compare-and-swap in decide and the store in
	// Sender.Close, so that the consumer's Pos is of no older time, and the distance not above Cap.
	if cut := c.cut.LoadAcquire(); cut != undecided {
		return left(cut, c.c.Pos())
	}
	return c.c.Len()
}

// Cap returns the capacity.
func (c *core[T]) Cap() int { return c.c.Cap() }
