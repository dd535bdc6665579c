//go:build model

package oneshot_test

import (
	"errors"
	"testing"

	"github.com/litesync/litesync"
	"github.com/litesync/litesync/internal/model"
	"github.com/litesync/litesync/lockfree/oneshot"
	"github.com/litesync/litesync/lockfree/waker"
)

// The ways to receive, each to the end: a value or ErrClosed.
var receive = map[string]func(m *model.T, r *oneshot.Receiver[int]) (int, error){
	"Recv": func(_ *model.T, r *oneshot.Receiver[int]) (int, error) { return r.Recv() },
	"RecvContext": func(m *model.T, r *oneshot.Receiver[int]) (int, error) {
		ctx := m.Context()
		m.Go(ctx.Cancel)
		v, err := r.RecvContext(ctx)
		if err != nil && err != oneshot.ErrClosed {
			m.Assert(ctx.Err() != nil, "%v, but not cancelled", err)
			return r.Recv()
		}
		return v, err
	},
	"Poll": func(_ *model.T, r *oneshot.Receiver[int]) (int, error) {
		var p waker.Parker
		for errors.Is(r.Poll(&p), oneshot.ErrEmpty) {
			p.Park()
			litesync.Pause() // It may be woken without cause.
		}
		return r.TryRecv()
	},
	"Poll twice": func(m *model.T, r *oneshot.Receiver[int]) (int, error) {
		var first, p waker.Parker
		r.Poll(&first)
		if errors.Is(r.Poll(&p), oneshot.ErrEmpty) {
			p.Park()
		}
		return r.TryRecv()
	},
	"Poll, then Recv": func(_ *model.T, r *oneshot.Receiver[int]) (int, error) {
		r.Poll(waker.Func(func() {}))
		return r.Recv()
	},
}

// A value is sent, or the sender gives up, while the receiver waits.
func TestModelReceive(t *testing.T) {
	for name, recv := range receive {
		t.Run(name, func(t *testing.T) {
			model.Check(t, model.Options{}, func(m *model.T) {
				s, r := oneshot.New[int]()
				send := m.Choose(2) == 1
				m.Go(func() {
					if send {
						m.Assert(s.Send(7) == nil, "not sent")
						m.Assert(s.Send(8) == oneshot.ErrSent, "sent twice")
					}
					s.Close()
				})
				v, err := recv(m, r)
				if send {
					m.Assert(v == 7 && err == nil, "received %d, %v", v, err)
				} else {
					m.Assert(err == oneshot.ErrClosed, "received %d, %v", v, err)
				}
				_, err = r.TryRecv()
				m.Assert(err == oneshot.ErrClosed, "received again: %v", err)
			})
		})
	}
}

// The receiver closes while the value is sent: it can be taken exactly if Send
// returns nil.
func TestModelClose(t *testing.T) {
	model.Check(t, model.Options{}, func(m *model.T) {
		s, r := oneshot.New[int]()
		if m.Choose(2) == 1 {
			r.Poll(waker.Func(func() {}))
		}
		var sent error
		m.Go(func() { sent = s.Send(7) })
		r.Close()
		v, err := r.Recv()
		m.Join()
		if sent == nil {
			m.Assert(v == 7 && err == nil, "sent, but received %d, %v", v, err)
		} else {
			m.Assert(sent == oneshot.ErrClosed && err == oneshot.ErrClosed, "%v, and received %d, %v", sent, v, err)
		}
		m.Assert(s.Closed(), "not closed")
	})
}

// The sender waits until the receiver has closed, in every way, while that one
// waits for the value and closes.
func TestModelWaitClosed(t *testing.T) {
	for name, wait := range map[string]func(m *model.T, s *oneshot.Sender[int]) error{
		"WaitClosed": func(m *model.T, s *oneshot.Sender[int]) error { return s.WaitClosed(m.Context()) },
		"PollClosed": func(m *model.T, s *oneshot.Sender[int]) error {
			var p waker.Parker
			for !s.PollClosed(&p) {
				p.Park()
				litesync.Pause() // It may be woken without cause.
			}
			return nil
		},
		"PollClosed twice": func(m *model.T, s *oneshot.Sender[int]) error {
			var first, p waker.Parker
			s.PollClosed(&first)
			if !s.PollClosed(&p) {
				p.Park()
			}
			return nil
		},
		"PollClosed, then WaitClosed": func(m *model.T, s *oneshot.Sender[int]) error {
			s.PollClosed(waker.Func(func() {}))
			return s.WaitClosed(m.Context())
		},
		"cancelled": func(m *model.T, s *oneshot.Sender[int]) error {
			ctx := m.Context()
			m.Go(ctx.Cancel)
			if err := s.WaitClosed(ctx); err == nil {
				return nil
			}
			return s.WaitClosed(m.Context())
		},
	} {
		t.Run(name, func(t *testing.T) {
			model.Check(t, model.Options{}, func(m *model.T) {
				s, r := oneshot.New[int]()
				var note int
				m.Go(func() {
					if m.Choose(2) == 1 {
						r.Poll(waker.Func(func() {}))
					}
					litesync.WillWrite(&note)
					r.Close()
				})
				err := wait(m, s)
				m.Assert(err == nil && s.Closed(), "%v", err)
				litesync.WillRead(&note)
				m.Assert(s.Send(1) == oneshot.ErrClosed, "sent after Close")
			})
		})
	}
}

// Both ends wait, and give up one after the other.
func TestModelBothWait(t *testing.T) {
	model.Check(t, model.Options{}, func(m *model.T) {
		s, r := oneshot.New[int]()
		ctx := m.Context()
		m.Go(ctx.Cancel)
		m.Go(func() {
			err := s.WaitClosed(ctx)
			m.Assert(err != nil || s.Closed(), "not closed")
			m.Assert(s.Send(7) == nil, "not sent")
		})
		v, err := r.Recv()
		m.Assert(v == 7 && err == nil, "received %d, %v", v, err)
	})
}

// A receive that is cancelled while it is served has had its wake when it
// returns, or gets none: the next one, which may sleep in the same seat, returns
// for its own value only.
func TestModelCancelled(t *testing.T) {
	for _, polled := range []bool{false, true} {
		t.Run(map[bool]string{false: "alone", true: "over a waker"}[polled], func(t *testing.T) {
			model.Check(t, model.Options{}, func(m *model.T) {
				s1, r1 := oneshot.New[int]()
				s2, r2 := oneshot.New[int]()
				woken := false
				if polled {
					s1.PollClosed(waker.Func(func() {
						litesync.WillWrite(&woken)
						woken = true
					}))
				}
				ctx := m.Context()
				m.Go(ctx.Cancel)
				m.Go(func() {
					m.Assert(s1.Send(1) == nil, "not sent")
					m.Assert(woken == polled, "PollClosed not woken")
					m.Assert(s2.Send(2) == nil, "not sent")
				})
				v, err := r1.RecvContext(ctx)
				if err != nil {
					m.Assert(ctx.Err() != nil, "received %d, %v", v, err)
				} else {
					m.Assert(v == 1, "received %d", v)
				}
				v, err = r2.Recv()
				m.Assert(v == 2 && err == nil, "received %d, %v", v, err)
			})
		})
	}
}

// Closed may be asked by anybody; what came before Close happened before.
func TestModelClosed(t *testing.T) {
	model.Check(t, model.Options{}, func(m *model.T) {
		s, r := oneshot.New[int]()
		var note int
		m.Go(func() {
			litesync.WillWrite(&note)
			r.Close()
		})
		m.Go(func() {
			if s.Closed() {
				litesync.WillRead(&note)
			}
		})
		m.Go(func() { s.Send(1) })
		m.Join()
		m.Assert(s.Closed(), "not closed")
	})
}

// Closed also when the value was taken in between.
func TestModelTakenClosed(t *testing.T) {
	model.Check(t, model.Options{}, func(m *model.T) {
		s, r := oneshot.New[int]()
		var note int
		m.Go(func() {
			litesync.WillWrite(&note)
			r.Close()
			r.TryRecv()
		})
		m.Go(func() {
			if s.Closed() {
				litesync.WillRead(&note)
			}
		})
		s.Send(1)
	})
}

// A wake is under way when the receiver's context is done, and the receiver waits
// again on another channel, where the sender waits too: the wake must not find
// what belongs to that one.
func TestModelLateWake(t *testing.T) {
	model.Check(t, model.Options{}, func(m *model.T) {
		s1, r1 := oneshot.New[int]()
		s2, r2 := oneshot.New[int]()
		ctx := m.Context()
		woken := 0
		s1.PollClosed(waker.Func(func() { woken++ }))
		m.Go(func() { s1.Send(1) })
		m.Go(func() {
			s2.PollClosed(waker.Func(func() {}))
			ctx.Cancel()
			s2.Send(2)
		})
		v, err := r1.RecvContext(ctx)
		m.Assert(v == 1 && err == nil || ctx.Err() != nil, "received %d, %v", v, err)
		v, err = r2.Recv()
		m.Assert(v == 2 && err == nil, "received %d, %v", v, err)
		m.Join()
		m.Assert(woken == 1, "the first sender was woken %d times", woken)
	})
}
