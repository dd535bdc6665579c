// Package suite has the tests that oneshot and lite share. It sees a channel of
// bytes through interfaces, so that both can be put behind them.
package suite

import (
	"context"
	"runtime"
	"testing"
	"time"

	"github.com/litesync/litesync/lockfree/waker"
)

// Sender is the sending end of a channel of bytes.
type Sender interface {
	Send(byte) error
	Close()
	Closed() bool
	WaitClosed(context.Context) error
	PollClosed(waker.Waker) bool
}

// Receiver is the receiving end of a channel of bytes.
type Receiver interface {
	Recv() (byte, error)
	RecvContext(context.Context) (byte, error)
	TryRecv() (byte, error)
	Poll(waker.Waker) error
	Close()
}

// Chan is a channel to be embedded.
type Chan interface {
	Split() (Sender, Receiver)
	Reset()
}

// Impl is what is tested.
type Impl struct {
	Name                         string // of the package
	New                          func() (Sender, Receiver)
	NewChan                      func() Chan
	ErrEmpty, ErrClosed, ErrSent error
}

// Run runs all tests of the suite.
func Run(t *testing.T, i Impl) {
	t.Run("Behaviour", i.behaviour)
	t.Run("EveryOrder", i.everyOrder)
	t.Run("EveryOrderWaiting", i.everyOrderWaiting)
	t.Run("Misuse", i.misuse)
	t.Run("Race", i.race)
	t.Run("Allocs", i.allocs)
	t.Run("Leaks", i.leaks)
}

// Rounds is how often a stress does its thing.
func Rounds(n int) int {
	if testing.Short() || raceEnabled {
		return n / 20
	}
	return n
}

// Within fails the test if f has not returned after a while, which in these
// tests means that it never will.
func Within(t testing.TB, f func()) {
	t.Helper()
	done := make(chan struct{})
	go func() { defer close(done); f() }()
	select {
	case <-done:
	case <-time.After(time.Minute):
		buf := make([]byte, 1<<16)
		t.Fatalf("still running\n%s", buf[:runtime.Stack(buf, true)])
	}
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
