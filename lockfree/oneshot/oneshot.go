// Package oneshot is a channel for one value, sent once.
//
// A channel is a state word beside the value. [New] allocates both at once; a
// [Chan] that is embedded in a struct of the caller's needs no allocation at
// all, and can be used again after Reset. A send and a receive that need not
// wait are two atomic steps between them and allocate nothing; nor does one
// that waits. Only a registration by Poll or PollClosed allocates, and a call
// that sleeps with a context which can be done.
//
// A receive that finds nothing may spin for a short while if nobody waits for its
// P, and lets those run once who do, as runtime.Gosched would. Then it sleeps, and
// at once if that has seldom paid lately, or took long. WaitClosed sleeps at once.
//
// The sender belongs to one goroutine at a time, and so does the receiver;
// another goroutine may take an end over after a happens-before hand-off. Only
// [Sender.Closed] may be called from anywhere.
//
// # What is guaranteed
//
// A Send that returns nil has left a value that can be taken, also when the
// receiver's Close runs at the same time: one compare-and-swap decides between
// them. A Send that returns an error has left nothing. No cancellation loses a
// value: a receive that gives up leaves it to be taken later.
//
// What the sender did before Send or Close happens before the receiver's
// operation that returns the value or ErrClosed for it. What the receiver did
// before Close happens before the sender's operation that reports it.
//
// Nobody has to close. An abandoned channel is garbage like any other value,
// but whoever waits for its other end waits forever; package owned has ends that
// close when they are dropped.
//
// The states, and the way in which every atomic operation says what it pairs
// with, are modelled on those of the Rust crate oneshot by Linus Färnstrand; the
// contract is that of tokio's oneshot.
package oneshot

import (
	"context"

	"github.com/litesync/litesync"
	"github.com/litesync/litesync/internal/misuse"
	"github.com/litesync/litesync/internal/park"
	"github.com/litesync/litesync/lockfree/oneshot/internal/core"
	"github.com/litesync/litesync/lockfree/waker"
)

var (
	// ErrEmpty: the value is not there yet.
	ErrEmpty = core.ErrEmpty
	// ErrClosed: the receiver has closed, the sender has given up, or the value
	// has been taken.
	ErrClosed = core.ErrClosed
	// ErrSent: the sender has already sent.
	ErrSent = core.ErrSent
)

// Chan is a channel to be embedded. The zero value is ready. It must not be
// copied, and is as large as a word and a T.
type Chan[T any] struct {
	value T // written by the sender while the word is empty, then the receiver's
	word  core.Word
}

// Sender is the sending end of a Chan.
type Sender[T any] Chan[T]

// Receiver is the receiving end of a Chan.
type Receiver[T any] Chan[T]

// For inlining; see the same in package ring.
var _ Chan[byte]

// New returns the two ends of a new channel. It allocates once.
func New[T any]() (*Sender[T], *Receiver[T]) { return new(Chan[T]).Split() }

// Split returns the two ends, the same ones in every call. It allocates nothing.
func (c *Chan[T]) Split() (*Sender[T], *Receiver[T]) {
	return (*Sender[T])(c), (*Receiver[T])(c)
}

// Reset makes the channel ready for another value, and drops one that was sent
// and not taken. Both ends must be done: their last operations happen before
// Reset, and Reset before their next ones. Registered wakers are dropped.
//
// An end that has seen the other's Send or Close need not wait for that call to
// return: it does not touch the channel any more.
func (c *Chan[T]) Reset() {
	if misuse.On {
		misuse.Forget(c, "oneshot: Sender", "oneshot: Receiver")
	}
	var zero T
	if litesync.Hooks {
		litesync.WillWrite(&c.value)
	}
	c.value = zero
	c.word.Reset()
}

// Send sends v. It returns nil if the receiver can take v, ErrClosed if the
// receiver or this end has closed, and ErrSent if a value was sent before; that
// one stays as it is. It never waits, and wakes whoever does.
func (s *Sender[T]) Send(v T) error {
	if misuse.On {
		defer misuse.Enter(s, "oneshot: Sender.Send")()
	}
	// The receiver reads the value from the state sent on, so it can be written
	// only before.
	if err := s.word.CanSend(); err != nil {
		return err
	}
	if litesync.Hooks {
		litesync.WillWrite(&s.value)
	}
	s.value = v
	if s.word.SendFirst(0) {
		return nil
	}
	err := s.word.Send(0)
	if err != nil { // The receiver has closed meanwhile, and will not read it.
		var zero T
		if litesync.Hooks {
			litesync.WillWrite(&s.value)
		}
		s.value = zero
	}
	return err
}

// Close gives up without a value: receives return ErrClosed, and whoever waits
// is woken. It does nothing after Send, or if the receiver has closed.
func (s *Sender[T]) Close() {
	if misuse.On {
		defer misuse.Enter(s, "oneshot: Sender.Close")()
	}
	s.word.CloseSend()
}

// Closed reports whether the receiver has closed. Any goroutine may call it.
func (s *Sender[T]) Closed() bool { return s.word.CanWait() == nil }

// WaitClosed waits until the receiver has closed, and then returns nil. After
// Send or this end's Close it does not wait, and returns ErrSent or ErrClosed
// unless the receiver has closed. It returns context.Cause(ctx) if ctx is done
// first. With a context that can be done, a call that sleeps allocates. It panics
// if ctx is nil, or if another goroutine is waiting on this end.
func (s *Sender[T]) WaitClosed(ctx context.Context) error {
	if misuse.On {
		defer misuse.Enter(s, "oneshot: Sender.WaitClosed")()
	}
	return s.word.WaitClosed(ctx, "oneshot: WaitClosed")
}

// PollClosed reports whether WaitClosed would return without waiting. If not,
// w is registered in place of an earlier waker of this end, and woken when that
// changes. A registration allocates. It panics if w is nil, or if another
// goroutine is waiting on this end.
func (s *Sender[T]) PollClosed(w waker.Waker) bool {
	if misuse.On {
		defer misuse.Enter(s, "oneshot: Sender.PollClosed")()
	}
	return !s.word.Poll(core.Sender, w, "oneshot: PollClosed")
}

// Recv waits for the value and takes it. It returns ErrClosed if the sender has
// given up, if the value has been taken, or if this end closed before a value
// was sent. It panics if another goroutine is waiting on this end.
func (r *Receiver[T]) Recv() (T, error) {
	if misuse.On {
		defer misuse.Enter(r, "oneshot: Receiver.Recv")()
	}
	return r.recv(context.Background(), "oneshot: Recv")
}

// RecvContext is Recv, and returns context.Cause(ctx) if ctx is done before
// there is anything to return. With a context that can be done, a call that
// sleeps allocates. It panics if ctx is nil.
func (r *Receiver[T]) RecvContext(ctx context.Context) (T, error) {
	if misuse.On {
		defer misuse.Enter(r, "oneshot: Receiver.RecvContext")()
	}
	const op = "oneshot: RecvContext"
	core.MustContext(ctx, op)
	return r.recv(ctx, op)
}

func (r *Receiver[T]) recv(ctx context.Context, op string) (v T, err error) {
	if _, ok := r.word.Sent(); ok {
		r.word.Leave(core.Taken)
		if litesync.Hooks {
			litesync.WillRead(&r.value)
			litesync.WillWrite(&r.value)
		}
		v, r.value = r.value, v
		return v, nil
	}
	if !r.word.Empty() {
		return r.TryRecv()
	}
	if park.Alone() {
		if r.word.Spin() {
			return r.TryRecv()
		}
	} else if start, may := core.Patience.MayPass(); may {
		park.Pass()
		if core.Patience.Passed(start, !r.word.Empty()) {
			return r.TryRecv()
		}
	}
	if err = r.word.Wait(core.Receiver, ctx, op); err != nil {
		return v, err
	}
	return r.TryRecv()
}

// TryRecv takes the value if it is there. It returns ErrEmpty where Recv would
// wait, and ErrClosed where Recv does.
func (r *Receiver[T]) TryRecv() (v T, err error) {
	if misuse.On {
		defer misuse.Enter(r, "oneshot: Receiver.TryRecv")()
	}
	if _, ok := r.word.Sent(); ok {
		r.word.Leave(core.Taken)
	} else if _, err = r.word.Take(); err != nil {
		return v, err
	}
	if litesync.Hooks {
		litesync.WillRead(&r.value)
		litesync.WillWrite(&r.value)
	}
	v, r.value = r.value, v
	return v, nil
}

// Poll returns nil if the value is there to be taken, and ErrClosed where Recv
// does. Else it returns ErrEmpty; w is registered in place of an earlier waker
// of this end, and woken when the sender sends or closes. A registration
// allocates. It panics if w is nil, or if another goroutine is waiting on this
// end.
func (r *Receiver[T]) Poll(w waker.Waker) error {
	if misuse.On {
		defer misuse.Enter(r, "oneshot: Receiver.Poll")()
	}
	if r.word.Poll(core.Receiver, w, "oneshot: Poll") {
		return ErrEmpty
	}
	return r.word.CanTake()
}

// Close makes later sends fail. A value that was sent before can still be
// taken; it is kept until then. Whoever waits is woken. Close may be called
// again.
func (r *Receiver[T]) Close() {
	if misuse.On {
		defer misuse.Enter(r, "oneshot: Receiver.Close")()
	}
	r.word.CloseRecv()
}
