//go:build model

package park_test

import (
	"testing"
	"time"

	"github.com/litesync/litesync"
	"github.com/litesync/litesync/internal/model"
	"github.com/litesync/litesync/internal/park"
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

// A wake, or one of two, ends a Park, and what the waker did happened before.
func TestModelPark(t *testing.T) {
	model.Check(t, model.Options{}, func(m *model.T) {
		var p park.Parker
		var a, b note
		m.Go(func() { a.write(); p.Wake() })
		p.Park("park")
		a.read(m)
		m.Go(func() { b.write(); p.Wake() })
		p.Park("park")
		b.read(m)
	})
	model.Check(t, model.Options{}, func(m *model.T) {
		var p park.Parker
		var n [2]note
		for i := range n {
			m.Go(func() { n[i].write(); p.Wake() })
		}
		p.Park("park")
		m.Join()
		n[0].read(m)
		n[1].read(m)
	})
}

// Each Wake that is not noticed leaves one permit, which sees what every one of
// the wakers did.
func TestModelPermit(t *testing.T) {
	model.Check(t, model.Options{}, func(m *model.T) {
		var p park.Parker
		var n [2]note
		var came litesync.Uint32
		for i := range n {
			m.Go(func() {
				n[i].write()
				p.Wake()
				came.Add(1)
			})
		}
		if came.LoadAcquire() == 2 {
			m.Assert(p.TryTake(), "no permit")
			n[0].read(m)
			n[1].read(m)
			m.Assert(!p.TryTake(), "two permits")
		}
	})
}

// A wait that gives up leaves the permit, and one that does not has taken it.
func TestModelGivesUp(t *testing.T) {
	waits := map[string]func(m *model.T, p *park.Parker) bool{
		"context": func(m *model.T, p *park.Parker) bool {
			ctx := m.Context()
			m.Go(ctx.Cancel)
			err := p.ParkContext("park", ctx)
			m.Assert(err == nil || ctx.Err() != nil, "%v, but not cancelled", err)
			return err == nil
		},
		"timeout": func(_ *model.T, p *park.Parker) bool { return p.ParkTimeout("park", time.Second) },
	}
	for name, wait := range waits {
		t.Run(name, func(t *testing.T) {
			model.Check(t, model.Options{}, func(m *model.T) {
				var p park.Parker
				var n note
				m.Go(func() { n.write(); p.Wake() })
				woken := wait(m, &p)
				if woken {
					n.read(m)
				}
				m.Join()
				m.Assert(woken != p.TryTake(), "woken %v, and the permit is there or gone all the same", woken)
			})
			// Nobody wakes; and a cancel that comes late disturbs no later wait.
			model.Check(t, model.Options{}, func(m *model.T) {
				var p park.Parker
				m.Assert(!wait(m, &p), "woken by nobody")
				m.Go(func() { p.Wake() })
				p.Park("park")
				m.Assert(!p.TryTake(), "two permits of one Wake")
			})
		})
	}
}

// The hot side publishes, fences and looks for a waiter; the waiter announces
// itself, fences and looks at the condition.
func TestModelWait(t *testing.T) {
	for name, limited := range map[string]bool{"forever": false, "context": true} {
		t.Run(name, func(t *testing.T) {
			model.Check(t, model.Options{}, func(m *model.T) {
				ctx := m.Context()
				if limited {
					m.Go(ctx.Cancel)
				}
				var p park.Parker
				var items litesync.Uint32
				var n [2]note
				m.Go(func() {
					for i := range n {
						n[i].write()
						items.StoreRelease(uint32(i + 1))
						litesync.FenceSeqCst()
						if p.Waiting() {
							p.Wake()
						}
					}
				})
				for i := range n {
					there := func() bool { return items.LoadAcquire() > uint32(i) }
					if limited {
						if err := p.WaitContext("park", ctx, there, nil); err != nil {
							m.Assert(ctx.Err() != nil, "%v, but not cancelled", err)
							return
						}
					} else {
						p.Wait("park", there, nil)
					}
					n[i].read(m)
				}
			})
		})
	}
}

// A waiter that polls is told so by Wake, and may sleep later.
func TestModelPoll(t *testing.T) {
	model.Check(t, model.Options{}, func(m *model.T) {
		var p park.Parker
		var n note
		var told litesync.Uint32
		m.Go(func() {
			n.write()
			if p.Wake() {
				told.Store(1)
			}
		})
		if p.Poll("park") {
			n.read(m)
			m.Assert(!p.TryTake(), "two permits")
			return
		}
		if m.Choose(2) == 1 {
			p.Park("park")
			n.read(m)
			return
		}
		m.Join()
		m.Assert(told.Load() == 1 && p.TryTake(), "polled, and the waker was not told")
	})
}

// A waiter that polls and then finds its condition unchanged is told.
func TestModelPollThenLook(t *testing.T) {
	model.Check(t, model.Options{}, func(m *model.T) {
		var p park.Parker
		var items litesync.Uint32
		told := false
		m.Go(func() {
			items.StoreRelease(1)
			litesync.FenceSeqCst()
			told = p.Waiting() && p.Wake()
		})
		taken := p.Poll("park")
		there := items.LoadAcquire() == 1
		m.Join()
		m.Assert(taken || there || told, "neither seen nor told")
	})
}

// A Wake that comes while a waiter takes its announcement back leaves its
// permit.
func TestModelWithdraw(t *testing.T) {
	model.Check(t, model.Options{}, func(m *model.T) {
		var p park.Parker
		announced := false
		m.Go(func() { p.Wake() })
		p.Wait("park", func() bool {
			announced = p.Waiting() // The permit has not come.
			return true
		}, nil)
		m.Join()
		m.Assert(!announced || p.TryTake(), "the permit is gone")
	})
}

// Of two that wait at once one panics, whatever the other is at, and the other
// does not notice.
func TestModelTwoWaiters(t *testing.T) {
	model.Check(t, model.Options{}, func(m *model.T) {
		var p park.Parker
		var refused litesync.Uint32
		woken := 0
		wait := func() {
			defer func() {
				if r := recover(); r != nil {
					if r != "park: two goroutines wait at once" {
						panic(r)
					}
					refused.Add(1)
					p.Wake()
				}
			}()
			p.Park("park")
			woken++
		}
		m.Go(wait)
		wait()
		m.Join()
		m.Assert(woken == 1 && refused.Load() == 1, "%d woken, %d refused", woken, refused.Load())
	})
}
