//go:build litesyncdebug && !model

package misuse_test

import (
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/litesync/litesync/internal/trial"
	"github.com/litesync/litesync/lockfree/oneshot"
	"github.com/litesync/litesync/lockfree/oneshot/lite"
	"github.com/litesync/litesync/lockfree/ring"
	"github.com/litesync/litesync/lockfree/spsc"
)

// asleep waits until a goroutine sleeps in a function of that name.
func asleep(t *testing.T, name string) {
	t.Helper()
	buf := make([]byte, 1<<18)
	for end := time.Now().Add(10 * time.Second); ; runtime.Gosched() {
		for _, g := range strings.Split(string(buf[:runtime.Stack(buf, true)]), "\n\n") {
			if strings.Contains(g, name) && strings.Contains(g, "[sync.Cond.Wait") {
				return
			}
		}
		if time.Now().After(end) {
			t.Fatalf("nobody sleeps in %s", name)
		}
	}
}

// A second goroutine that comes while the first waits panics with both stacks;
// the first is not harmed, and the end stays usable.
func TestWhileWaiting(t *testing.T) {
	s, r := spsc.New[int](1)
	full, drain := spsc.New[int](1)
	full.Send(0)
	os, or := oneshot.New[int]()
	ls, lr := lite.New[bool]()
	for _, c := range []struct {
		wait, second func()
		want         string
		end          func()
	}{
		{func() { r.Recv() }, func() { r.TryRecv() }, "spsc: Receiver.TryRecv: another goroutine is in spsc: Receiver.Recv", func() { s.Send(1) }},
		{func() { full.Send(1) }, func() { full.TrySend(2) }, "spsc: Sender.TrySend: another goroutine is in spsc: Sender.Send", func() { drain.Recv() }},
		{func() { or.Recv() }, func() { or.Close() }, "oneshot: Receiver.Close: another goroutine is in oneshot: Receiver.Recv", func() { os.Send(1) }},
		{func() { lr.Recv() }, func() { lr.TryRecv() }, "lite: Receiver.TryRecv: another goroutine is in lite: Receiver.Recv", func() { ls.Send(true) }},
	} {
		done := make(chan bool)
		go func() {
			c.wait()
			close(done)
		}()
		asleep(t, "TestWhileWaiting.func")
		msg := trial.Panic(c.second)
		if !strings.HasPrefix(msg, c.want) || strings.Count(msg, "TestWhileWaiting") < 2 {
			t.Errorf("panic %q, want %q and two stacks", msg, c.want)
		}
		c.end()
		<-done
	}
}

// Operations that do not wait are caught when they overlap.
func TestOverlap(t *testing.T) {
	p, c := ring.New[int](1)
	stop := make(chan bool)
	caught := make(chan string, 2)
	for range 2 {
		go func() {
			for {
				select {
				case <-stop:
					caught <- ""
					return
				default:
				}
				if msg := trial.Panic(func() { p.Push(1) }); msg != "" {
					caught <- msg
					return
				}
			}
		}()
	}
	msg := <-caught
	close(stop)
	<-caught
	if !strings.HasPrefix(msg, "ring: Producer.Push: another goroutine is in ring: Producer.Push") {
		t.Errorf("panic %q", msg)
	}
	c.Pop() // The two ends do not meet.
	if !p.Push(2) {
		t.Error("not usable afterwards")
	}
}
