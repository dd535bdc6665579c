// Package lite is package oneshot for states of one byte: the whole channel,
// value and waiting goroutines included, is one machine word. No value of the
// byte is reserved.
//
// It promises what package oneshot promises; its errors are the same.
package lite

import (
	"context"
	"unsafe"

	"github.com/litesync/litesync/internal/misuse"
	"github.com/litesync/litesync/internal/park"
	"github.com/litesync/litesync/lockfree/oneshot/internal/core"
	"github.com/litesync/litesync/lockfree/waker"
)

// The errors of package oneshot.
var (
	ErrEmpty  = core.ErrEmpty
	ErrClosed = core.ErrClosed
	ErrSent   = core.ErrSent
)

// State is a type that fits into one byte. Every value of it can be sent.
type State interface {
	~uint8 | ~int8 | ~bool | ~struct{}
}

// Chan is a channel to be embedded, one machine word large. The zero value is
// ready. It must not be copied.
type Chan[S State] struct{ word core.Word }

// Sender is the sending end of a Chan.
type Sender[S State] Chan[S]

// Receiver is the receiving end of a Chan.
type Receiver[S State] Chan[S]

// For inlining; see the same in package ring.
var _ Chan[byte]

// New returns the two ends of a new channel. It allocates once.
func New[S State]() (*Sender[S], *Receiver[S]) { return new(Chan[S]).Split() }

// Split returns the two ends, the same ones in every call. It allocates nothing.
func (c *Chan[S]) Split() (*Sender[S], *Receiver[S]) {
	return (*Sender[S])(c), (*Receiver[S])(c)
}

// Reset makes the channel ready for another value. Both ends must be done:
// their last operations happen before Reset, and Reset before their next ones.
// Registered wakers are dropped.
//
// An end that has seen the other's Send or Close need not wait for that call to
// return: it does not touch the channel any more.
func (c *Chan[S]) Reset() {
	if misuse.On {
		misuse.Forget(c, "lite: Sender", "lite: Receiver")
	}
	c.word.Reset()
}

// Send sends v. It returns nil if the receiver can take v, ErrClosed if the
// receiver or this end has closed, and ErrSent if a value was sent before; that
// one stays as it is. It never waits, and wakes whoever does.
func (s *Sender[S]) Send(v S) error {
	if misuse.On {
		defer misuse.Enter(s, "lite: Sender.Send")()
	}
	b := toByte(v)
	if s.word.SendFirst(b) {
		return nil
	}
	return s.word.Send(b)
}

// Close gives up without a value: receives return ErrClosed, and whoever waits
// is woken. It does nothing after Send, or if the receiver has closed.
func (s *Sender[S]) Close() {
	if misuse.On {
		defer misuse.Enter(s, "lite: Sender.Close")()
	}
	s.word.CloseSend()
}

// Closed reports whether the receiver has closed. Any goroutine may call it.
func (s *Sender[S]) Closed() bool { return s.word.CanWait() == nil }

// WaitClosed waits until the receiver has closed, and then returns nil. After
// Send or this end's Close it does not wait, and returns ErrSent or ErrClosed
// unless the receiver has closed. It returns context.Cause(ctx) if ctx is done
// first. With a context that can be done, a call that sleeps allocates. It panics
// if ctx is nil, or if another goroutine is waiting on this end.
func (s *Sender[S]) WaitClosed(ctx context.Context) error {
	if misuse.On {
		defer misuse.Enter(s, "lite: Sender.WaitClosed")()
	}
	return s.word.WaitClosed(ctx, "lite: WaitClosed")
}

// PollClosed reports whether WaitClosed would return without waiting. If not,
// w is registered in place of an earlier waker of this end, and woken when that
// changes. A registration allocates. It panics if w is nil, or if another
// goroutine is waiting on this end.
func (s *Sender[S]) PollClosed(w waker.Waker) bool {
	if misuse.On {
		defer misuse.Enter(s, "lite: Sender.PollClosed")()
	}
	return !s.word.Poll(core.Sender, w, "lite: PollClosed")
}

// Recv waits for the value and takes it. It returns ErrClosed if the sender has
// given up, if the value has been taken, or if this end closed before a value
// was sent. It panics if another goroutine is waiting on this end.
func (r *Receiver[S]) Recv() (S, error) {
	if misuse.On {
		defer misuse.Enter(r, "lite: Receiver.Recv")()
	}
	return r.recv(context.Background(), "lite: Recv")
}

// RecvContext is Recv, and returns context.Cause(ctx) if ctx is done before
// there is anything to return. With a context that can be done, a call that
// sleeps allocates. It panics if ctx is nil.
func (r *Receiver[S]) RecvContext(ctx context.Context) (S, error) {
	if misuse.On {
		defer misuse.Enter(r, "lite: Receiver.RecvContext")()
	}
	const op = "lite: RecvContext"
	core.MustContext(ctx, op)
	return r.recv(ctx, op)
}

func (r *Receiver[S]) recv(ctx context.Context, op string) (v S, err error) {
	if b, ok := r.word.Sent(); ok {
		r.word.Leave(core.Taken)
		return fromByte[S](b), nil
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
func (r *Receiver[S]) TryRecv() (v S, err error) {
	if misuse.On {
		defer misuse.Enter(r, "lite: Receiver.TryRecv")()
	}
	if b, ok := r.word.Sent(); ok {
		r.word.Leave(core.Taken)
		return fromByte[S](b), nil
	}
	b, err := r.word.Take()
	return fromByte[S](b), err
}

// Poll returns nil if the value is there to be taken, and ErrClosed where Recv
// does. Else it returns ErrEmpty; w is registered in place of an earlier waker
// of this end, and woken when the sender sends or closes. A registration
// allocates. It panics if w is nil, or if another goroutine is waiting on this
// end.
func (r *Receiver[S]) Poll(w waker.Waker) error {
	if misuse.On {
		defer misuse.Enter(r, "lite: Receiver.Poll")()
	}
	if r.word.Poll(core.Receiver, w, "lite: Poll") {
		return ErrEmpty
	}
	return r.word.CanTake()
}

// Close makes later sends fail. A value that was sent before can still be
// taken. Whoever waits is woken. Close may be called again.
func (r *Receiver[S]) Close() {
	if misuse.On {
		defer misuse.Enter(r, "lite: Receiver.Close")()
	}
	r.word.CloseRecv()
}

// toByte returns the representation of v.
func toByte[S State](v S) byte {
	if unsafe.Sizeof(v) == 0 {
		return 0
	}
	return *(*byte)(unsafe.Pointer(&v))
}

// fromByte is the inverse of toByte.
func fromByte[S State](b byte) (v S) {
	if unsafe.Sizeof(v) != 0 {
		*(*byte)(unsafe.Pointer(&v)) = b
	}
	return v
}
