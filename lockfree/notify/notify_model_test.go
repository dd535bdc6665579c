//go:build model

package notify_test

import (
	"testing"
	"time"

	"github.com/litesync/litesync"
	"github.com/litesync/litesync/internal/model"
	"github.com/litesync/litesync/lockfree/notify"
	"github.com/litesync/litesync/lockfree/waker"
)

// note is a payload that says what happened before.
type note struct{ set bool }

func (n *note) write() {
	litesync.WillWrite(n)
	n.set = true
}

func (n *note) read(m *model.T) {
	litesync.WillRead(n)
	m.Assert(n.set, "not set")
}

// waits are the ways to wait. Each returns whether it has taken the permit.
var waits = map[string]func(m *model.T, n *notify.Notify) bool{
	"Wait": func(_ *model.T, n *notify.Notify) bool { n.Wait(); return true },
	"WaitContext": func(m *model.T, n *notify.Notify) bool {
		ctx := m.Context()
		m.Go(ctx.Cancel)
		return n.WaitContext(ctx) == nil
	},
	"WaitTimeout": func(_ *model.T, n *notify.Notify) bool { return n.WaitTimeout(time.Second) },
	"TryWait":     func(_ *model.T, n *notify.Notify) bool { return n.TryWait() },
	"Poll": func(_ *model.T, n *notify.Notify) bool {
		var p waker.Parker
		for !n.Poll(&p) {
			p.Park()
			litesync.Pause() // It may have been woken without cause, again and again.
		}
		return true
	},
	"Poll, then Wait": func(_ *model.T, n *notify.Notify) bool {
		if !n.Poll(waker.Func(func() {})) {
			n.Wait()
		}
		return true
	},
}

// A notification is waited for, in every way: whoever takes the permit sees what
// came before, and whoever gives up leaves it.
func TestModelNotify(t *testing.T) {
	for name, wait := range waits {
		t.Run(name, func(t *testing.T) {
			model.Check(t, model.Options{}, func(m *model.T) {
				var n notify.Notify
				var before note
				m.Go(func() {
					before.write()
					n.NotifyOne()
				})
				taken := wait(m, &n)
				if taken {
					before.read(m)
				}
				m.Join()
				m.Assert(taken != n.TryWait(), "taken %v, and the permit is there or gone all the same", taken)
			})
		})
	}
}

// Two notifications are one permit or two, and none is lost.
func TestModelNotifyTwice(t *testing.T) {
	for _, name := range []string{"Wait", "WaitTimeout", "Poll"} {
		t.Run(name, func(t *testing.T) {
			model.Check(t, model.Options{}, func(m *model.T) {
				var n notify.Notify
				var before [2]note
				for i := range before {
					m.Go(func() {
						before[i].write()
						n.NotifyOne()
					})
				}
				taken := waits[name](m, &n)
				m.Join()
				m.Assert(n.TryWait() || taken, "no permit of two")
				m.Assert(!n.TryWait(), "more permits than notifications, or two at once")
				before[0].read(m)
				before[1].read(m)
			})
		})
	}
}

// A registered Waker is woken, though a wait that gave up came in between.
func TestModelPollAfterGivingUp(t *testing.T) {
	model.Check(t, model.Options{}, func(m *model.T) {
		var n notify.Notify
		m.Go(n.NotifyOne)
		if n.WaitTimeout(time.Second) {
			return
		}
		var p waker.Parker
		for !n.Poll(&p) {
			p.Park()
			litesync.Pause() // It may have been woken without cause, again and again.
		}
	})
}
