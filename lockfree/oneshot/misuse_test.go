//go:build !model

package oneshot_test

import (
	"context"
	"runtime"
	"testing"
	"testing/synctest"

	"github.com/litesync/litesync/internal/misuse"
	"github.com/litesync/litesync/internal/trial"
	"github.com/litesync/litesync/lockfree/waker"
)

func TestMisuse(t *testing.T) { both(t, impl.misuse) }

// misuse is what panics, and leaves the channel as it was.
func (i impl) misuse(t *testing.T) {
	want := func(t *testing.T, msg string, f func()) {
		t.Helper()
		if got := trial.Panic(f); got != i.name+": "+msg {
			t.Errorf("panic %q, want %q", got, i.name+": "+msg)
		}
	}
	bg := context.Background()
	t.Run("nil", func(t *testing.T) {
		var none context.Context
		s, r := i.new()
		for range 2 {
			want(t, "RecvContext: ctx is nil", func() { r.RecvContext(none) })
			want(t, "WaitClosed: ctx is nil", func() { s.WaitClosed(none) })
			want(t, "Poll: w is nil", func() { r.Poll(nil) })
			want(t, "PollClosed: w is nil", func() { s.PollClosed(nil) })
			s.Send(1) // Nil is wrong even if it would not be used.
		}
		if v, err := r.TryRecv(); v != 1 || err != nil {
			t.Error(v, err)
		}
	})
	if misuse.On {
		return // It finds the rest, with other words; see its own tests.
	}
	// The second goroutine that waits at an end panics, whatever the other end
	// does meanwhile, and the first one gets what it waits for.
	others := map[string]func(sender, receiver, context.Context){
		"alone":   func(sender, receiver, context.Context) {},
		"polling": func(s sender, r receiver, _ context.Context) { s.PollClosed(waker.Func(func() {})) },
		"waiting": func(s sender, r receiver, ctx context.Context) { go s.WaitClosed(ctx) },
	}
	for name, other := range others {
		t.Run("two receivers/"+name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(bg)
				s, r := i.new()
				got := make(chan byte, 1)
				go func() { v, _ := r.Recv(); got <- v }()
				synctest.Wait()
				other(s, r, ctx)
				synctest.Wait()
				want(t, "Recv: another goroutine is waiting on this Receiver", func() { r.Recv() })
				want(t, "RecvContext: another goroutine is waiting on this Receiver", func() { r.RecvContext(ctx) })
				want(t, "Poll: another goroutine is waiting on this Receiver", func() { r.Poll(new(counter)) })
				if _, err := r.TryRecv(); err != i.errEmpty {
					t.Error(err)
				}
				cancel()
				synctest.Wait()
				s.Send(7)
				if v := <-got; v != 7 {
					t.Errorf("got %d", v)
				}
			})
		})
	}
	others["polling"] = func(s sender, r receiver, _ context.Context) { r.Poll(waker.Func(func() {})) }
	others["waiting"] = func(s sender, r receiver, ctx context.Context) { go r.RecvContext(ctx) }
	for name, other := range others {
		t.Run("two senders/"+name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(bg)
				s, r := i.new()
				got := make(chan error, 1)
				go func() { got <- s.WaitClosed(bg) }()
				synctest.Wait()
				other(s, r, ctx)
				synctest.Wait()
				want(t, "WaitClosed: another goroutine is waiting on this Sender", func() { s.WaitClosed(bg) })
				want(t, "PollClosed: another goroutine is waiting on this Sender", func() { s.PollClosed(new(counter)) })
				cancel()
				synctest.Wait()
				r.Close()
				if err := <-got; err != nil {
					t.Error(err)
				}
			})
		})
	}
	// An end that is used by another goroutine while one waits on it.
	t.Run("own end", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s, r := i.new()
			got := make(chan error, 2)
			go func() { _, err := r.Recv(); got <- err }()
			go func() { got <- s.WaitClosed(bg) }()
			synctest.Wait()
			r.Close()
			for _, want := range []error{<-got, <-got} {
				if want != i.errClosed && want != nil {
					t.Error(want)
				}
			}
		})
	})
	// A waker that panics does so in the goroutine that wakes it, and keeps
	// nobody else from being woken.
	t.Run("panicking waker", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s, r := i.new()
			got := make(chan byte, 1)
			s.PollClosed(waker.Func(func() { panic("waker") }))
			go func() { v, _ := r.Recv(); got <- v }()
			synctest.Wait()
			s.PollClosed(waker.Func(func() { panic("waker") }))
			if p := trial.Panic(func() { s.Send(3) }); p != "waker" {
				t.Errorf("panic %q", p)
			}
			if v := <-got; v != 3 {
				t.Errorf("got %d", v)
			}
			if err := s.Send(4); err != i.errSent {
				t.Error(err)
			}
		})
	})
	// A goroutine that leaves by Goexit in a waker.
	t.Run("exiting waker", func(t *testing.T) {
		s, r := i.new()
		r.Poll(waker.Func(runtime.Goexit))
		trial.Within(t, func() {
			exited := make(chan struct{})
			go func() { defer close(exited); s.Send(3) }()
			<-exited
		})
		if v, err := r.TryRecv(); v != 3 || err != nil {
			t.Error(v, err)
		}
	})
}
