// Package fanin is a channel from many producers to one consumer. Each producer
// has a lane of its own, a channel of package spsc, so producers never contend
// with one another, and the consumer looks only at lanes that have something.
//
// Producers join and leave at any time. What one of them sends arrives in the
// order in which it was sent; nothing is said about the order between two. What a
// producer did before a send happens before the consumer gets the value.
//
// # Waiting
//
// A producer that sends to a lane which the consumer has found empty sets a bit,
// and wakes the consumer if that sleeps; any other send does neither. The
// consumer takes up to 64 values from a lane, and then goes on to the next that
// is ready: until a lane has its turn, every other has two turns at most. Lanes
// that are silent cost nothing. See [waker.Set].
//
// # Closing
//
// A producer closes its lane when it leaves, and the consumer receives what was
// accepted before. [Consumer.Seal] says that no more producers will join: after
// it, the end has come when the last of them has left and nothing is left to
// receive. [Consumer.Close] says that the consumer wants no more: sends fail
// from then on, and what was accepted before can still be received. As in
// spsc, a send that returns nil was accepted and one that returns an error was
// not, however the two came to each other.
//
// A producer that is forgotten without Close keeps its slot; package owned has
// ends that close when they are dropped.
package fanin

import (
	"errors"
	"fmt"

	"github.com/litesync/litesync"
	"github.com/litesync/litesync/internal/misuse"
	"github.com/litesync/litesync/lockfree/ring"
	"github.com/litesync/litesync/lockfree/spsc"
	"github.com/litesync/litesync/lockfree/waker"
)

// MaxProducers is how many producers there can be at a time.
const MaxProducers = waker.MaxSources - 1

var (
	// ErrEmpty: no lane has a value.
	ErrEmpty = spsc.ErrEmpty
	// ErrClosed: nothing more will come, or no producer may join.
	ErrClosed = spsc.ErrClosed
	// ErrProducers: there are as many producers as New was told.
	ErrProducers = errors.New("fanin: too many producers")
)

// Consumer is the receiving end, and where producers join. Get one from New; it
// must not be copied.
//
// AddProducer, Seal, Closed and Len may be called from any goroutine. All other
// methods belong to one goroutine at a time; another may take over after a
// happens-before hand-off.
type Consumer[T any] struct {
	_        noCopy
	capacity int
	// state says who may still come; see below.
	state litesync.Uint32
	// lanes has a slot for each producer that may be there, nil if it is free. A
	// producer that joins moves it from nil to its lane, the consumer moves it back
	// when the lane is closed and empty.
	lanes []litesync.Pointer[lane[T]]
	// set has a source for each slot, and one more for Seal. A lane is the
	// consumer's current one, or its source is ready, or it was found empty and
	// has the source's Waker registered.
	set *waker.Set

	// The consumer's own: the lane that it takes from, if there is one, its slot,
	// and how many values it may give before it is the next one's turn.
	lane *lane[T]
	slot int
	left int
}

// The parts of Consumer.state.
const (
	// sealed: no producer may join any more. Seal and Close set it, for good.
	sealed = 1 << 31
	// gone: the consumer has closed. Close sets it, together with sealed.
	gone = 1 << 30
	// joined: how many producers have joined whose lanes the consumer has not yet
	// found closed and empty. AddProducer counts up unless sealed is set, the
	// consumer down. With sealed set and none joined, nothing will ever come.
	joined = 1<<30 - 1
)

// lane is what a producer sends through. Its receiver is the consumer's from the
// moment on at which the lane is in its slot.
type lane[T any] struct{ r *spsc.Receiver[T] }

// noCopy makes go vet report copies.
type noCopy struct{}

func (*noCopy) Lock()   {}
func (*noCopy) Unlock() {}

// For inlining; see the same in package ring.
var _ Consumer[byte]

// New returns a Consumer for up to that many producers at a time, each with a
// lane that holds up to capacity values. It panics unless 1 <= capacity <=
// ring.MaxCapacity and 1 <= producers <= MaxProducers.
func New[T any](capacity, producers int) *Consumer[T] {
	if capacity < 1 || capacity > ring.MaxCapacity {
		panic(fmt.Sprintf("fanin: New: capacity %d is not between 1 and %d", capacity, ring.MaxCapacity))
	}
	if producers < 1 || producers > MaxProducers {
		panic(fmt.Sprintf("fanin: New: producers is %d, not between 1 and %d", producers, MaxProducers))
	}
	return &Consumer[T]{
		capacity: capacity,
		lanes:    make([]litesync.Pointer[lane[T]], producers),
		set:      waker.NewSet(producers + 1),
	}
}

// AddProducer lets a producer join and returns the sending end of its lane. The
// producer leaves by closing it; there is room for another when the consumer has
// found the lane closed and empty. It returns ErrProducers if there is no room,
// and ErrClosed after Seal or Close. It does not block, is lock-free, and
// allocates the lane; its time grows with the number of producers.
func (c *Consumer[T]) AddProducer() (*spsc.Sender[T], error) {
	if err := c.join(); err != nil {
		return nil, err
	}
	s, r := spsc.New[T](c.capacity)
	l := &lane[T]{r}
	if litesync.Hooks {
		litesync.WillWrite(l)
	}
	slot := c.place(l)
	// ORDERING: full fence; pairs with the one in Close: either that finds the
	// lane and closes it, or this finds the flag and does.
	litesync.FenceSeqCst()
	late := c.state.LoadRelaxed()&gone != 0
	if late {
		s.Close()
	}
	c.set.Waker(slot).Wake() // To have the consumer look at the lane.
	if late {
		return nil, ErrClosed
	}
	return s, nil
}

// join counts a producer in, if one may come.
func (c *Consumer[T]) join() error {
	for {
		// ORDERING: relaxed; the compare-and-swap decides, and a refusal says
		// nothing about anything else.
		s := c.state.LoadRelaxed()
		if s&sealed != 0 {
			return ErrClosed
		}
		if int(s&joined) == len(c.lanes) {
			return ErrProducers
		}
		// ORDERING: acquire; pairs with the Add in retire, before which a slot was
		// freed.
		if c.state.CompareAndSwap(s, s+1) {
			return nil
		}
	}
}

// place puts l in a free slot. There is one for each producer that was counted
// in, though not always the one just looked at.
func (c *Consumer[T]) place(l *lane[T]) int {
	for {
		for i := range c.lanes {
			slot := &c.lanes[i]
			// ORDERING: relaxed; spares the compare-and-swap, which releases the
			// lane to the acquire loads in enter, Close and Len.
			if slot.LoadRelaxed() == nil && slot.CompareAndSwap(nil, l) {
				return i
			}
		}
		litesync.Pause()
	}
}

// Seal says that no more producers will join: AddProducer fails from now on. The
// consumer receives what those that have joined still send, and then ErrClosed.
// Seal is idempotent.
func (c *Consumer[T]) Seal() {
	// ORDERING: release; pairs with the acquire loads in none and Closed.
	c.state.Or(sealed)
	c.set.Waker(len(c.lanes)).Wake()
}

// Close makes sends fail, of those who join at this moment too, and wakes
// producers that wait. What was accepted can still be received after Close has
// returned, and then ErrClosed. Close is idempotent. Its time grows with
// the number of producers.
func (c *Consumer[T]) Close() {
	if misuse.On {
		defer misuse.Enter(c, "fanin: Consumer.Close")()
	}
	c.state.Or(sealed | gone)
	// ORDERING: full fence; pairs with the one in AddProducer.
	litesync.FenceSeqCst()
	for i := range c.lanes {
		if l := c.at(i); l != nil {
			l.r.Close()
		}
	}
}

// Closed reports whether nothing more will come: the end was reached.
func (c *Consumer[T]) Closed() bool { return c.none() == ErrClosed }

// Len returns how many values are in all lanes; what it tells may be old. Its
// time grows with the number of producers.
func (c *Consumer[T]) Len() int {
	n := 0
	for i := range c.lanes {
		if l := c.at(i); l != nil {
			n += l.r.Len()
		}
	}
	return n
}

// at returns the lane in slot i, nil if there is none.
func (c *Consumer[T]) at(i int) *lane[T] {
	// ORDERING: acquire; pairs with the compare-and-swap in place.
	l := c.lanes[i].LoadAcquire()
	if litesync.Hooks && l != nil {
		litesync.WillRead(l)
	}
	return l
}

// none returns why there is nothing when no lane is ready.
func (c *Consumer[T]) none() error {
	// ORDERING: acquire; pairs with the Or in Seal: what came before it happened
	// before the end.
	if s := c.state.LoadAcquire(); s&sealed != 0 && s&joined == 0 {
		return ErrClosed
	}
	return ErrEmpty
}
