//go:build litesyncdebug && !model

package misuse_test

import (
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/litesync/litesync/internal/misuse"
	"github.com/litesync/litesync/internal/trial"
	"github.com/litesync/litesync/lockfree/fanin"
	"github.com/litesync/litesync/lockfree/notify"
	"github.com/litesync/litesync/lockfree/oneshot"
	"github.com/litesync/litesync/lockfree/oneshot/lite"
	"github.com/litesync/litesync/lockfree/ring"
	"github.com/litesync/litesync/lockfree/spsc"
	"github.com/litesync/litesync/lockfree/waker"
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
	var n notify.Notify
	set := waker.NewSet(1)
	fan := fanin.New[int](1, 1)
	for _, c := range []struct {
		wait, second func()
		want         string
		end          func()
	}{
		{func() { r.Recv() }, func() { r.TryRecv() }, "spsc: Receiver.TryRecv: another goroutine is in spsc: Receiver.Recv", func() { s.Send(1) }},
		{func() { r.Recv() }, r.Close, "spsc: Receiver.Close: another goroutine is in spsc: Receiver.Recv", func() { s.Send(1) }},
		{func() { full.Send(1) }, func() { full.TrySend(2) }, "spsc: Sender.TrySend: another goroutine is in spsc: Sender.Send", func() { drain.Recv() }},
		{func() { or.Recv() }, func() { or.Close() }, "oneshot: Receiver.Close: another goroutine is in oneshot: Receiver.Recv", func() { os.Send(1) }},
		{func() { lr.Recv() }, func() { lr.TryRecv() }, "lite: Receiver.TryRecv: another goroutine is in lite: Receiver.Recv", func() { ls.Send(true) }},
		{n.Wait, func() { n.TryWait() }, "notify: Notify.TryWait: another goroutine is in notify: Notify.Wait", n.NotifyOne},
		{func() { set.Wait() }, func() { set.TryWait() }, "waker: Set.TryWait: another goroutine is in waker: Set.Wait", set.Waker(0).Wake},
		{func() { fan.Recv() }, fan.Close, "fanin: Consumer.Close: another goroutine is in fanin: Consumer.Recv", fan.Seal},
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

// checked is an end, and how another goroutine is in a method of it.
type checked struct {
	end   any
	name  string
	enter func() (leave func())
}

func check[E any](end *E, name string) checked {
	return checked{end, name, func() (leave func()) { return misuse.Enter(end, name+".Other") }}
}

// anywhere are the methods that any goroutine may call.
var anywhere = []string{
	"Len", "Free", "Cap", "Closed", "Pos", // of channels
	"AddProducer", "Seal", // of a fan-in
	"Wake", "NotifyOne", "Waker", // of wakers
}

// unwatched are those that only read what is the end's own.
var unwatched = []string{"CanPush", "CanPop", "Empty", "Reserved", "FD"}

// While a goroutine is in a method of an end, no other may be in any.
func TestEveryMethod(t *testing.T) {
	p, c := ring.New[int](1)
	s, r := spsc.New[int](1)
	os, or := oneshot.New[int]()
	ls, lr := lite.New[bool]()
	fan := fanin.New[int](1, 1)
	producer, err := fan.AddProducer()
	if err != nil {
		t.Fatal(err)
	}
	for _, sure := range []interface{ Send(int) error }{s, os, producer} { // that iterators have something
		sure.Send(1)
	}
	p.Push(1)
	set := waker.NewSet(1)
	for _, x := range []checked{
		check(p, "ring: Producer"), check(c, "ring: Consumer"),
		check(s, "spsc: Sender"), check(r, "spsc: Receiver"),
		check(os, "oneshot: Sender"), check(or, "oneshot: Receiver"),
		check(ls, "lite: Sender"), check(lr, "lite: Receiver"),
		check(fan, "fanin: Consumer"),
		check(new(notify.Notify), "notify: Notify"), check(new(waker.Parker), "waker: Parker"), check(set, "waker: Set"),
	} {
		entered := make(chan func())
		go func() { entered <- x.enter() }()
		leave := <-entered
		for v, i := reflect.ValueOf(x.end), 0; i < v.NumMethod(); i++ {
			method := v.Type().Method(i).Name
			if slices.Contains(unwatched, method) {
				continue
			}
			msg := trial.Panic(func() { callAny(v.Method(i)) })
			caught := strings.Contains(msg, "another goroutine is in "+x.name+".Other")
			if caught == slices.Contains(anywhere, method) {
				t.Errorf("%s.%s: panic %q", x.name, method, msg)
			}
		}
		leave()
	}
}

// callAny calls a method, with arguments that are zero, and takes the first
// element of an iterator that it returns.
func callAny(method reflect.Value) {
	args := make([]reflect.Value, method.Type().NumIn())
	for i := range args {
		args[i] = reflect.Zero(method.Type().In(i))
	}
	for _, result := range method.Call(args) {
		if result.Kind() == reflect.Func && result.Type().CanSeq() {
			for range result.Seq() {
				break
			}
		}
	}
}

// One that is reset belongs to the next, though those who used it are still on
// their way out of its methods.
func TestForget(t *testing.T) {
	var c oneshot.Chan[int]
	s, _ := c.Split()
	entered := make(chan func())
	for range 2 {
		go func() { entered <- misuse.Enter(s, "oneshot: Sender.Send") }()
		leave := <-entered
		c.Reset()
		s.Send(1)
		leave()
	}
	go func() { entered <- misuse.Enter(s, "oneshot: Sender.Send") }()
	defer (<-entered)()
	if trial.Panic(s.Close) == "" {
		t.Error("nobody is in Send any more, after Reset and leave")
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
