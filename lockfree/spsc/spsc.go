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
// error did not, however close the two ends came to each other. See close.go of
// package internal/channel, where the two ends meet; here are the values.
//
// An end that is forgotten without Close leaves the other one waiting; package
// owned has ends that close when they are dropped.
package spsc

import (
	"fmt"
	"unsafe"

	"github.com/litesync/litesync/internal/channel"
	"github.com/litesync/litesync/lockfree/ring"
	"github.com/litesync/litesync/pad"
)

// The reasons for which a call has nothing to give.
var (
	ErrFull   = channel.ErrFull
	ErrEmpty  = channel.ErrEmpty
	ErrClosed = channel.ErrClosed
)

// Strategy is how both ends of a channel wait.
type Strategy channel.Strategy

const (
	// Park spins for a short, calibrated while and then puts the goroutine to
	// sleep. It stops to spin when that does not pay.
	Park = Strategy(channel.Park)
	// Yield lets other goroutines run between looks and never sleeps.
	Yield = Strategy(channel.Yield)
	// Spin keeps the processor, but for a call of the scheduler now and then,
	// and never sleeps. It is for ends that have a core each.
	Spin = Strategy(channel.Spin)
)

// Option changes what New and Split make.
type Option struct{ strategy Strategy }

// WithStrategy makes both ends wait as s says; the default is Park. It panics if
// s is none of Park, Yield and Spin.
func WithStrategy(s Strategy) Option {
	if s > Spin {
		panic(fmt.Sprintf("spsc: WithStrategy: s is %d, not Park, Yield or Spin", s))
	}
	return Option{s}
}

// Sender is the sending end of a channel. Get one from New or Inline.Split; it
// must not be copied.
type Sender[T any] struct{ c channel.Sender }

// Receiver is the receiving end of a channel. Get one from New or Inline.Split;
// it must not be copied.
type Receiver[T any] struct{ c channel.Receiver }

// For inlining; see the same in package ring.
var _ Sender[byte]

// ring is the producer of the ring that the channel is made of.
func (s *Sender[T]) ring() *ring.Producer[T] { return ring.ProducerOf[T](s.end().P()) }

// ring is the consumer of the ring that the channel is made of.
func (r *Receiver[T]) ring() *ring.Consumer[T] { return ring.ConsumerOf[T](r.end().C()) }

// end is &s.c without a look at whether s is nil: see channel.Core.
func (s *Sender[T]) end() *channel.Sender { return (*channel.Sender)(unsafe.Pointer(s)) }

// end is &r.c without a look at whether r is nil: see channel.Core.
func (r *Receiver[T]) end() *channel.Receiver { return (*channel.Receiver)(unsafe.Pointer(r)) }

// alone is a channel with its slots elsewhere. On 64-bit machines the allocator
// aligns it to pad.Size.
type alone[T any] struct {
	Sender[T]
	_ [channel.Rest]byte
}

// small is a channel with slots for up to greatest values.
type small[T any] struct {
	Sender[T]
	slots [greatest + ring.Spare]T
}

// With slots of a word, and at least least of them, a small takes no more memory
// than an alone and its slots do.
const least, greatest = 13, 16

// fits reports whether a small is the right place for a channel of T. The allocator
// aligns to pad.Size what is a multiple of it, but for pointers in more than 512 bytes.
func fits[T any](capacity int) bool {
	size := unsafe.Sizeof(*new(small[T]))
	return least <= capacity && capacity <= greatest && size%pad.Size == 0 && size <= 512
}

// New returns the two ends of a new channel that holds up to capacity values,
// exactly. It allocates at most twice. It panics unless 1 <= capacity <=
// ring.MaxCapacity.
func New[T any](capacity int, opts ...Option) (*Sender[T], *Receiver[T]) {
	if capacity < 1 || capacity > ring.MaxCapacity {
		panic(fmt.Sprintf("spsc: New: capacity %d is not between 1 and %d", capacity, ring.MaxCapacity))
	}
	if fits[T](capacity) {
		c := new(small[T])
		return c.init(c.slots[greatest-capacity:], opts) // The last: the first share a line with the consumer's Pos.
	}
	return new(alone[T]).init(make([]T, capacity+ring.Spare), opts)
}

// init makes s a channel with those slots and returns both ends of it, which are
// views of the same.
func (s *Sender[T]) init(slots []T, opts []Option) (*Sender[T], *Receiver[T]) {
	var o Option
	if n := len(opts); n > 0 {
		o = opts[n-1]
	}
	s.end().Init(unsafe.Pointer(unsafe.SliceData(slots)), unsafe.Sizeof(*new(T)),
		len(slots), len(slots)-ring.Spare, channel.Strategy(o.strategy))
	return s, (*Receiver[T])(unsafe.Pointer(s))
}

// Len returns how many values can still be received. Any goroutine may call
// it; what it tells may be old, but lies between 0 and Cap.
func (s *Sender[T]) Len() int { return s.end().Len() }

// Len returns how many values can still be received. Any goroutine may call
// it; what it tells may be old, but lies between 0 and Cap.
func (r *Receiver[T]) Len() int { return r.end().Len() }

// Cap returns the capacity.
func (s *Sender[T]) Cap() int { return s.end().Cap() }

// Cap returns the capacity.
func (r *Receiver[T]) Cap() int { return r.end().Cap() }
