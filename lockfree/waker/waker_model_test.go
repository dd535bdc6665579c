//go:build model

package waker_test

import (
	"testing"
	"time"

	"github.com/litesync/litesync"
	"github.com/litesync/litesync/internal/model"
	"github.com/litesync/litesync/lockfree/waker"
)

// A registrant that looks after it has registered sees what came before a wake,
// or is woken, and then sees it: with relaxed accesses, and any number of wakes.
func TestModelAtomicLosesNothing(t *testing.T) {
	for _, wakers := range []int{1, 2} {
		model.Check(t, model.Options{}, func(m *model.T) {
			var a waker.Atomic
			var p waker.Parker
			var came [2]litesync.Uint32
			for i := range wakers {
				m.Go(func() {
					came[i].StoreRelaxed(1)
					a.Wake()
				})
			}
			for {
				a.Register(&p)
				n := 0
				for i := range wakers {
					n += int(came[i].LoadRelaxed())
				}
				if n == wakers {
					return
				}
				p.Park()
				litesync.Pause() // It may have been woken without cause, again and again.
			}
		})
	}
}

// A wake wakes nobody who was replaced, and no Waker twice.
func TestModelAtomicReplaces(t *testing.T) {
	model.Check(t, model.Options{}, func(m *model.T) {
		var a waker.Atomic
		var woken [2]litesync.Uint32
		var found litesync.Uint32
		for range 2 {
			m.Go(func() {
				if a.Wake() {
					found.Add(1)
				}
			})
		}
		for i := range woken {
			a.Register(waker.Func(func() { woken[i].Add(1) }))
		}
		m.Join()
		first, last := woken[0].Load(), woken[1].Load()
		m.Assert(first <= 1 && last <= 1, "woken %d and %d times", first, last)
		left := a.Take() != nil
		m.Assert(left == (last == 0), "the last Waker: woken %d times, still there: %v", last, left)
	})
}

// Take gives what is registered to one of two who take it.
func TestModelAtomicTake(t *testing.T) {
	model.Check(t, model.Options{}, func(m *model.T) {
		var a waker.Atomic
		var taken litesync.Uint32
		woken := 0
		m.Go(func() {
			if w := a.Take(); w != nil {
				taken.Add(1)
			}
		})
		m.Go(func() {
			if w := a.Take(); w != nil {
				taken.Add(1)
			}
		})
		a.Register(waker.Func(func() { woken++ }))
		m.Join()
		n := taken.Load()
		m.Assert(n <= 1 && woken <= 1 && int(n)+woken <= 1, "taken %d times, woken %d times", n, woken)
		m.Assert((n == 0 && woken == 0) == (a.Take() != nil), "lost: taken %d times, woken %d times", n, woken)
	})
}

// Of two that register at once one may be refused; then the other one's Waker is
// registered, or was woken. Nobody's is woken twice.
func TestModelAtomicTwoRegister(t *testing.T) {
	for _, wakers := range []int{0, 1} {
		model.Check(t, model.Options{}, func(m *model.T) {
			var a waker.Atomic
			var woken, refused [2]litesync.Uint32
			register := func(i int) {
				defer func() {
					if recover() != nil {
						refused[i].Store(1)
					}
				}()
				a.Register(waker.Func(func() { woken[i].Add(1) }))
			}
			m.Go(func() { register(1) })
			for range wakers {
				m.Go(func() { a.Wake() })
			}
			register(0)
			m.Join()
			a.Wake()
			r0, r1 := refused[0].Load() == 1, refused[1].Load() == 1
			w0, w1 := woken[0].Load(), woken[1].Load()
			m.Assert(w0 <= 1 && w1 <= 1 && w0+w1 > 0, "woken %d and %d times", w0, w1)
			m.Assert(!(r0 && r1) && (!r0 || w1 == 1) && (!r1 || w0 == 1),
				"refused %v and %v, woken %d and %d times", r0, r1, w0, w1)
		})
	}
}

// A Register that is refused while a Wake is under way leaves the other one's
// Waker to be found by it, or wakes it: that one has looked in vain.
func TestModelAtomicRefused(t *testing.T) {
	model.Check(t, model.Options{}, func(m *model.T) {
		var a waker.Atomic
		var happened litesync.Uint32
		var woken, refused, missed [2]litesync.Uint32
		register := func(i int) {
			defer func() {
				if recover() != nil {
					refused[i].Store(1)
				}
			}()
			a.Register(waker.Func(func() { woken[i].Store(1) }))
			missed[i].Store(1 - happened.Load())
		}
		m.Go(func() { register(1) })
		m.Go(func() {
			happened.Store(1)
			a.Wake()
		})
		register(0)
		m.Join()
		for i := range woken {
			m.Assert(refused[1-i].Load() == 0 || missed[i].Load() == 0 || woken[i].Load() == 1,
				"Register %d was refused, and Waker %d is never woken", 1-i, i)
		}
	})
}

// The public Parker is the one of internal/park.
func TestModelParker(t *testing.T) {
	model.Check(t, model.Options{}, func(m *model.T) {
		var p waker.Parker
		ctx := m.Context()
		m.Go(p.Wake)
		m.Go(ctx.Cancel)
		switch m.Choose(3) {
		case 0:
			p.Park()
		case 1:
			if p.ParkContext(ctx) != nil {
				p.Park()
			}
		case 2:
			if !p.ParkTimeout(time.Second) {
				p.Park()
			}
		}
		m.Assert(!p.ParkTimeout(0), "two permits")
	})
}
