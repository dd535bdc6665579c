//go:build model

package lite_test

import (
	"testing"

	"github.com/litesync/litesync/internal/model"
	"github.com/litesync/litesync/lockfree/oneshot/lite"
)

// A value is sent, or the sender gives up, while the receiver waits; every value
// is legal, the zero value too. The protocol is that of oneshot, whose models
// have the rest.
func TestModelReceive(t *testing.T) {
	model.Check(t, model.Options{}, func(m *model.T) {
		s, r := lite.New[uint8]()
		v := []uint8{0, 1, 255}[m.Choose(3)]
		send := m.Choose(2) == 1
		m.Go(func() {
			if send {
				m.Assert(s.Send(v) == nil, "not sent")
			}
			s.Close()
		})
		got, err := r.Recv()
		if send {
			m.Assert(got == v && err == nil, "received %d, %v", got, err)
		} else {
			m.Assert(err == lite.ErrClosed, "received %d, %v", got, err)
		}
		_, err = r.TryRecv()
		m.Assert(err == lite.ErrClosed, "received again: %v", err)
	})
}

// The receiver closes while the value is sent: it can be taken exactly if Send
// returns nil.
func TestModelClose(t *testing.T) {
	model.Check(t, model.Options{}, func(m *model.T) {
		s, r := lite.New[bool]()
		var sent error
		m.Go(func() { sent = s.Send(true) })
		r.Close()
		v, err := r.TryRecv()
		m.Join()
		if sent == nil {
			m.Assert(v && err == nil, "sent, but received %v, %v", v, err)
		} else {
			m.Assert(sent == lite.ErrClosed && err == lite.ErrClosed, "%v, and received %v, %v", sent, v, err)
		}
		_, err = r.TryRecv()
		m.Assert(err == lite.ErrClosed && s.Closed(), "not closed: %v", err)
	})
}
