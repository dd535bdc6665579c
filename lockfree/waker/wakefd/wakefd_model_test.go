//go:build model

package wakefd_test

import (
	"testing"

	"github.com/litesync/litesync"
	"github.com/litesync/litesync/internal/model"
	"github.com/litesync/litesync/lockfree/waker/wakefd"
)

func open(m *model.T) *wakefd.FD {
	d, err := wakefd.New()
	m.Assert(err == nil, "%v", err)
	return d
}

// Whoever waits until the descriptor is readable, clears it and looks sees what
// came before each wake, though it cleared without cause before.
func TestModelWake(t *testing.T) {
	for _, wakers := range []int{1, 2} {
		model.Check(t, model.AtMost(2), func(m *model.T) {
			d := open(m)
			var came [2]litesync.Uint32
			for i := range wakers {
				m.Go(func() {
					came[i].StoreRelaxed(1)
					d.Wake()
				})
			}
			if m.Choose(2) == 1 {
				d.Clear()
			}
			for {
				n := 0
				for i := range wakers {
					n += int(came[i].LoadRelaxed())
				}
				if n == wakers {
					return
				}
				for !d.Readable() {
					litesync.Pause()
				}
				d.Clear()
			}
		})
	}
}

// Nobody writes to a descriptor that is closed, and it is closed once.
func TestModelClose(t *testing.T) {
	model.Check(t, model.Options{}, func(m *model.T) {
		d := open(m)
		for range 2 {
			m.Go(d.Wake)
		}
		if m.Choose(2) == 1 {
			d.Clear()
		}
		d.Close()
		d.Close()
		m.Join()
		m.Assert(d.Released(), "left open")
	})
}
