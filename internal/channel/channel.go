// Package channel is what package spsc is without the type of its values: where
// the two ends are, how they wait for each other, and how they close. It knows
// slots by their addresses; package spsc moves the values in and out.
//
// Its steps are assembly where that pays, see step.go.
package channel

import (
	"context"
	"errors"
	"unsafe"

	"github.com/litesync/litesync"
	"github.com/litesync/litesync/lockfree/waker"
	"github.com/litesync/litesync/pad"
)

// The reasons for which a call has nothing to give.
var (
	ErrFull   = errors.New("spsc: full")
	ErrEmpty  = errors.New("spsc: empty")
	ErrClosed = errors.New("spsc: closed")
)

// Strategy is how both ends wait.
type Strategy uint8

// See package spsc.
const (
	Park Strategy = iota
	Yield
	Spin
)

// Sender and Receiver are two views of the same Core. Each has the methods that the
// goroutine which owns that end may call; those of Core anybody may.
type (
	Sender   struct{ Core }
	Receiver struct{ Core }
)

// Core is a channel without the slots. What an end needs for each step is with the
// private fields of its index. All else fills the lines of the two Pos, of which
// the other end takes the line away when it polls: so it is what is needed by who
// polls, or rarely. Aligned to pad.Size, it keeps what one end writes apart from what
// the other does; Rest is what it lacks to a multiple of that.
//
// The compiler checks a pointer for nil with a load from where it points to, which
// is the sender's line; if the receiver does that, a round trip between two cores
// takes two transfers of a cache line more. It does not check what unsafe.Add returns
// (golang.org/issue/27180): so both ends have methods that hide fields of Core.
type Core struct {
	_ noCopy
	// P is the index of the sending end.
	P pad.Index
	// items is what the receiver waits for.
	items condition
	// cut is where a closed channel ends; see close.go.
	cut litesync.Uint64
	_   [gap]byte

	// C is the index of the receiving end.
	C pad.Index
	// room is what the sender waits for.
	room condition
}

// Rest is the number of bytes that Core lacks to a multiple of pad.Size.
const Rest = gap + 8

// gap is what an end and 8 bytes lack to a multiple of pad.Size.
const gap = (pad.Size - (unsafe.Sizeof(struct {
	_ pad.Index
	_ condition
}{})+8)%pad.Size) % pad.Size

// noCopy makes go vet report copies.
type noCopy struct{}

func (*noCopy) Lock()   {}
func (*noCopy) Unlock() {}

// Cap returns the capacity.
func (c *Core) Cap() int { return int(c.P.Room) }

// Len returns how many values can still be received. What it tells may be old, but
// lies between 0 and Cap.
func (c *Core) Len() int {
	// ORDERING: acquire; pairs with the compare-and-swap in decide and the store in
	// Sender.Close, so that the consumer's Pos is of no older time, and the distance not above Cap.
	if cut := c.cut.LoadAcquire(); cut != undecided {
		return left(cut, litesync.Published(&c.C))
	}
	return int(litesync.Between(&c.P, &c.C))
}

// Init makes a zero channel ready, with slots as litesync.Join takes them.
func (s *Sender) Init(base unsafe.Pointer, stride uintptr, slots, capacity int, wait Strategy) {
	s.items.strategy, s.room.strategy = wait, wait // First, as in litesync.Join.
	litesync.Join(&s.Core.P, &s.Core.C, base, stride, slots, capacity)
	litesync.CanFenceHeavy() // The first call takes up to 0.3 ms: here, not in a send.
}

// P is the index of this end.
func (s *Sender) P() *pad.Index {
	return (*pad.Index)(unsafe.Add(unsafe.Pointer(s), unsafe.Offsetof(s.Core.P)))
}

// Open reports whether a send may be tried, because neither end has closed, as far as
// the caller has seen. Any goroutine may call it. What came before the Close that is
// seen happened before.
func (s *Sender) Open() bool { return s.items.isOpen() }

// Sent ends a send that has published: it wakes the receiver if that waits, and
// returns ErrClosed if the receiver has closed before it could see what was sent.
func (s *Sender) Sent() error {
	if s.items.isCalm() {
		return nil
	}
	s.items.signal(litesync.Published(s.P()))
	return s.verdict()
}

// Wait returns nil when a send may be tried again, and the cause when ctx is done
// before.
func (s *Sender) Wait(ctx context.Context) error {
	return s.room.wait(ctx, s.hasRoom, s.surelyHasRoom)
}

// Poll returns nil if there is room and ErrClosed if the channel is closed. Else it
// returns ErrFull, and w is woken when that may have changed.
func (s *Sender) Poll(w waker.Waker) error {
	switch {
	case s.room.poll(w, s.hasRoom, s.surelyHasRoom):
		return ErrFull
	case !s.items.isOpen():
		return ErrClosed
	case !canStep(s.P()):
		return ErrFull
	}
	return nil
}

// hasRoom reports whether a send would not wait.
func (s *Sender) hasRoom() bool { return canStep(s.P()) || !s.items.isOpen() }

// surelyHasRoom is hasRoom when this end has announced that it waits.
func (s *Sender) surelyHasRoom() bool {
	return s.hasRoom() || s.room.disturb() && s.hasRoom()
}

// C is the index of this end.
func (r *Receiver) C() *pad.Index {
	return (*pad.Index)(unsafe.Add(unsafe.Pointer(r), unsafe.Offsetof(r.Core.C)))
}

func (r *Receiver) items() *condition {
	return (*condition)(unsafe.Add(unsafe.Pointer(r), unsafe.Offsetof(r.Core.items)))
}

func (r *Receiver) room() *condition {
	return (*condition)(unsafe.Add(unsafe.Pointer(r), unsafe.Offsetof(r.Core.room)))
}

// Most returns how many of the next n values may be taken, as far as they are
// there, and what it means if there are none. The caller looks for values
// afterwards: before Sender.Close all that the sender sent was published.
func (r *Receiver) Most(n int) (int, error) {
	if r.room().isOpen() {
		return n, ErrEmpty
	}
	return min(n, r.Len()), ErrClosed
}

// Take takes a step if there is a value, and returns its slot, from where the
// caller moves it. Else it returns why not.
func (r *Receiver) Take() (unsafe.Pointer, error) {
	n, none := 1, ErrEmpty
	if !r.room().isOpen() { // Spares a call, as does isCalm.
		n, none = r.Most(1)
	}
	if n > 0 {
		if slot, ok := litesync.Advance(r.C()); ok {
			if !r.room().isCalm() {
				r.Taken()
			}
			return slot, nil
		}
	}
	return nil, none
}

// Taken ends a receive that has taken: it wakes the sender if that waits.
func (r *Receiver) Taken() {
	if !r.room().isCalm() {
		r.room().signal(litesync.Published(r.C()))
	}
}

// Closed reports whether the channel is closed and has nothing left. Any goroutine
// may call it. What came before the Close that is seen happened before.
func (r *Receiver) Closed() bool {
	if r.room().isOpen() {
		return false
	}
	// ORDERING: relaxed; what it tells may be old.
	cut := r.cut.LoadRelaxed()
	return cut != undecided && left(cut, litesync.Published(r.C())) == 0
}

// Wait returns nil when a receive may be tried again, and the cause when ctx is
// done before.
func (r *Receiver) Wait(ctx context.Context) error {
	return r.items().wait(ctx, r.hasItem, r.surelyHasItem)
}

// Poll returns nil if there is a value, and ErrClosed if the channel is closed and
// has nothing left. Else it returns ErrEmpty, and w is woken when that may have
// changed.
func (r *Receiver) Poll(w waker.Waker) error {
	if r.items().poll(w, r.hasItem, r.surelyHasItem) {
		return ErrEmpty
	}
	if n, none := r.Most(1); n == 0 || !canStep(r.C()) {
		return none
	}
	return nil
}

// hasItem reports whether a receive would not wait. It touches nothing but what it
// asks for: a look more at the line of the other end's Pos would make a round trip
// a fifth longer.
func (r *Receiver) hasItem() bool { return canStep(r.C()) || !r.room().isOpen() }

// surelyHasItem is hasItem when this end has announced that it waits.
func (r *Receiver) surelyHasItem() bool {
	return r.hasItem() || r.items().disturb() && r.hasItem()
}

// canStep reports whether the end of that index may take a step.
func canStep(x *pad.Index) bool { return litesync.Available(x, 1) > 0 }
