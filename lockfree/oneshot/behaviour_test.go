//go:build !model

package oneshot_test

import (
	"context"
	"runtime"
	"testing"

	"github.com/litesync/litesync/internal/trial"
	"github.com/litesync/litesync/lockfree/waker"
)

func TestBehaviour(t *testing.T) { both(t, impl.behaviour) }

// behaviour has what the suites of tokio's oneshot and of the crate oneshot
// test and what lite-sync gets wrong, one by one, where everyOrder has it all
// at once. Dropping an end is Close here.
func (i impl) behaviour(t *testing.T) {
	recv := func(t *testing.T, f func() (byte, error), want byte, wantErr error) {
		t.Helper()
		if v, err := f(); v != want || err != wantErr {
			t.Errorf("received %d, %v, want %d, %v", v, err, want, wantErr)
		}
	}
	send := func(t *testing.T, s sender, v byte, want error) {
		t.Helper()
		if err := s.Send(v); err != want {
			t.Errorf("Send: %v, want %v", err, want)
		}
	}
	equal := func(t *testing.T, what string, got, want any) {
		t.Helper()
		if got != want {
			t.Errorf("%s: %v, want %v", what, got, want)
		}
	}
	bg := context.Background()
	for name, f := range map[string]func(t *testing.T, s sender, r receiver){
		"send before receive": func(t *testing.T, s sender, r receiver) {
			send(t, s, 19, nil)
			recv(t, r.Recv, 19, nil)
		},
		"send before try": func(t *testing.T, s sender, r receiver) {
			recv(t, r.TryRecv, 0, i.errEmpty)
			send(t, s, 19, nil)
			recv(t, r.TryRecv, 19, nil)
		},
		"poll, send": func(t *testing.T, s sender, r receiver) {
			var w counter
			equal(t, "Poll", r.Poll(&w), i.errEmpty)
			send(t, s, 1, nil)
			equal(t, "wakes", w.n, 1)
			equal(t, "Poll", r.Poll(&w), nil)
			recv(t, r.Recv, 1, nil)
			equal(t, "Poll", r.Poll(&w), i.errClosed)
			equal(t, "wakes", w.n, 1)
		},
		"poll, sender closes": func(t *testing.T, s sender, r receiver) {
			var w counter
			equal(t, "Poll", r.Poll(&w), i.errEmpty)
			s.Close()
			equal(t, "wakes", w.n, 1)
			equal(t, "Poll", r.Poll(&w), i.errClosed)
		},
		"receiver closes": func(t *testing.T, s sender, r receiver) {
			r.Close()
			equal(t, "Closed", s.Closed(), true)
			equal(t, "WaitClosed", s.WaitClosed(bg), nil)
			send(t, s, 1, i.errClosed)
			recv(t, r.Recv, 0, i.errClosed)
		},
		"sender polls, receiver closes": func(t *testing.T, s sender, r receiver) {
			var w counter
			equal(t, "PollClosed", s.PollClosed(&w), false)
			r.Close()
			equal(t, "wakes", w.n, 1)
			equal(t, "PollClosed", s.PollClosed(&w), true)
			send(t, s, 1, i.errClosed)
			recv(t, r.TryRecv, 0, i.errClosed)
			recv(t, r.Recv, 0, i.errClosed) // tokio panics here
		},
		"sender polls, receiver closes, sender does not send": func(t *testing.T, s sender, r receiver) {
			var w counter
			equal(t, "PollClosed", s.PollClosed(&w), false)
			r.Close()
			r.Close()
			equal(t, "wakes", w.n, 1)
			equal(t, "Poll", r.Poll(&w), i.errClosed)
			recv(t, r.TryRecv, 0, i.errClosed)
			s.Close()
			equal(t, "WaitClosed", s.WaitClosed(bg), nil)
		},
		"send, receiver closes, poll": func(t *testing.T, s sender, r receiver) {
			var w counter
			send(t, s, 1, nil)
			r.Close()
			equal(t, "Poll", r.Poll(&w), nil)
			recv(t, r.TryRecv, 1, nil)
			equal(t, "Poll", r.Poll(&w), i.errClosed)
			equal(t, "wakes", w.n, 0)
		},
		"receiver changes task": func(t *testing.T, s sender, r receiver) {
			var w1, w2 counter
			equal(t, "Poll", r.Poll(&w1), i.errEmpty)
			equal(t, "Poll", r.Poll(&w2), i.errEmpty)
			send(t, s, 1, nil)
			equal(t, "wakes", [2]int{w1.n, w2.n}, [2]int{0, 1})
			recv(t, r.TryRecv, 1, nil)
		},
		"sender changes task": func(t *testing.T, s sender, r receiver) {
			var w1, w2 counter
			equal(t, "PollClosed", s.PollClosed(&w1), false)
			equal(t, "PollClosed", s.PollClosed(&w2), false)
			r.Close()
			equal(t, "wakes", [2]int{w1.n, w2.n}, [2]int{0, 1})
		},
		"both ends have a waker": func(t *testing.T, s sender, r receiver) {
			var ws, wr counter
			for range 10 { // neither drives the other away
				equal(t, "PollClosed", s.PollClosed(&ws), false)
				equal(t, "Poll", r.Poll(&wr), i.errEmpty)
			}
			equal(t, "wakes", ws.n+wr.n, 0)
			send(t, s, 1, nil)
			equal(t, "wakes", wr.n, 1)
		},
		"closed is not empty later": func(t *testing.T, s sender, r receiver) { // a defect of lite-sync
			s.Close()
			for range 3 {
				recv(t, r.TryRecv, 0, i.errClosed)
			}
		},
		"close keeps what was sent": func(t *testing.T, s sender, r receiver) { // a defect of lite-sync
			send(t, s, 1, nil)
			s.Close()
			r.Close()
			recv(t, r.Recv, 1, nil)
			recv(t, r.Recv, 0, i.errClosed)
		},
		"received once": func(t *testing.T, s sender, r receiver) { // a defect of lite-sync's lite variant
			send(t, s, 17, nil)
			recv(t, r.TryRecv, 17, nil)
			recv(t, r.TryRecv, 0, i.errClosed)
			recv(t, r.Recv, 0, i.errClosed)
			r.Close()
			recv(t, r.TryRecv, 0, i.errClosed)
			send(t, s, 18, i.errSent)
		},
		"close, try, send": func(t *testing.T, s sender, r receiver) { // a defect of lite-sync
			r.Close()
			recv(t, r.TryRecv, 0, i.errClosed)
			send(t, s, 1, i.errClosed)
			recv(t, r.TryRecv, 0, i.errClosed)
		},
		"send twice": func(t *testing.T, s sender, r receiver) {
			send(t, s, 1, nil)
			send(t, s, 2, i.errSent)
			recv(t, r.Recv, 1, nil)
			send(t, s, 3, i.errSent)
		},
		"close, send": func(t *testing.T, s sender, r receiver) {
			s.Close()
			send(t, s, 1, i.errClosed)
			equal(t, "WaitClosed", s.WaitClosed(bg), i.errClosed)
			recv(t, r.Recv, 0, i.errClosed)
		},
		"WaitClosed after Send": func(t *testing.T, s sender, r receiver) {
			send(t, s, 1, nil)
			equal(t, "WaitClosed", s.WaitClosed(bg), i.errSent)
			equal(t, "Closed", s.Closed(), false)
			r.Close()
			equal(t, "Closed", s.Closed(), true)
			equal(t, "WaitClosed", s.WaitClosed(bg), nil)
		},
		"a done context": func(t *testing.T, s sender, r receiver) {
			rc := func() (byte, error) { return r.RecvContext(done()) }
			recv(t, rc, 0, errCause)
			equal(t, "WaitClosed", s.WaitClosed(done()), errCause)
			send(t, s, 1, nil)
			recv(t, rc, 1, nil)
			recv(t, rc, 0, i.errClosed)
		},
		"receive, then send": func(t *testing.T, s sender, r receiver) {
			go s.Send(9)
			recv(t, r.Recv, 9, nil)
		},
		"receive, then sender closes": func(t *testing.T, s sender, r receiver) {
			go s.Close()
			recv(t, r.Recv, 0, i.errClosed)
		},
		"sender waits, receiver closes": func(t *testing.T, s sender, r receiver) {
			go r.Close()
			equal(t, "WaitClosed", s.WaitClosed(bg), nil)
		},
		"try until it is there": func(t *testing.T, s sender, r receiver) {
			go s.Send(19)
			for {
				v, err := r.TryRecv()
				if err == nil {
					equal(t, "value", v, byte(19))
					return
				}
				equal(t, "TryRecv", err, i.errEmpty)
				runtime.Gosched()
			}
		},
		"poll, then receive elsewhere": func(t *testing.T, s sender, r receiver) {
			var w counter
			equal(t, "Poll", r.Poll(&w), i.errEmpty)
			got := make(chan byte)
			go func() { v, _ := r.Recv(); got <- v }()
			s.Send(5)
			equal(t, "value", <-got, byte(5))
		},
		"poll, then close during send": func(t *testing.T, s sender, r receiver) {
			r.Poll(waker.Func(func() {}))
			sent := make(chan error)
			go func() { sent <- s.Send(5) }()
			r.Close()
			v, err := r.TryRecv()
			if e := <-sent; e == nil {
				equal(t, "value", v, byte(5))
			} else {
				equal(t, "errors", [2]error{e, err}, [2]error{i.errClosed, i.errClosed})
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, r := i.new()
			trial.Within(t, func() { f(t, s, r) })
		})
	}
}
