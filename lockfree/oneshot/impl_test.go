//go:build !model

package oneshot_test

import (
	"context"
	"testing"

	"github.com/litesync/litesync/lockfree/oneshot"
	"github.com/litesync/litesync/lockfree/oneshot/lite"
	"github.com/litesync/litesync/lockfree/waker"
)

// impl is a package that the tests see through interfaces, as a channel of
// bytes. What oneshot and lite promise is the same, and so are the tests.
type impl struct {
	name                         string
	new                          func() (sender, receiver)
	newChannel                   func() channel
	errEmpty, errClosed, errSent error
}

type sender interface {
	Send(byte) error
	Close()
	Closed() bool
	WaitClosed(context.Context) error
	PollClosed(waker.Waker) bool
}

type receiver interface {
	Recv() (byte, error)
	RecvContext(context.Context) (byte, error)
	TryRecv() (byte, error)
	Poll(waker.Waker) error
	Close()
}

type channel interface {
	Split() (sender, receiver)
	Reset()
}

type oneshotChan struct{ oneshot.Chan[uint8] }

func (c *oneshotChan) Split() (sender, receiver) { return c.Chan.Split() }

type liteChan struct{ lite.Chan[uint8] }

func (c *liteChan) Split() (sender, receiver) { return c.Chan.Split() }

var (
	implOneshot = impl{
		name:       "oneshot",
		new:        func() (sender, receiver) { return oneshot.New[uint8]() },
		newChannel: func() channel { return new(oneshotChan) },
		errEmpty:   oneshot.ErrEmpty,
		errClosed:  oneshot.ErrClosed,
		errSent:    oneshot.ErrSent,
	}
	implLite = impl{
		name:       "lite",
		new:        func() (sender, receiver) { return lite.New[uint8]() },
		newChannel: func() channel { return new(liteChan) },
		errEmpty:   lite.ErrEmpty,
		errClosed:  lite.ErrClosed,
		errSent:    lite.ErrSent,
	}
)

// both runs a test on oneshot and on lite.
func both(t *testing.T, test func(impl, *testing.T)) {
	for _, i := range []impl{implOneshot, implLite} {
		t.Run(i.name, func(t *testing.T) { test(i, t) })
	}
}

// rounds is how often a stress does its thing.
func rounds(n int) int {
	if testing.Short() || raceEnabled {
		return n / 20
	}
	return n
}

// counter is a waker that counts.
type counter struct{ n int }

func (c *counter) Wake() { c.n++ }

// done is a context that is done.
func done() context.Context {
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(errCause)
	return ctx
}
