package ouch

import (
	"bytes"
	"errors"
	"io"
	"testing"
)

var (
	order = Order{Token: 12345678901234, Side: 'B', Stock: [8]byte([]byte("TEST    ")), Shares: 300, Price: 123400}
	ack   = Ack{Token: 12345678901234, Ref: 1 << 60, Time: 99}
)

func TestOrder(t *testing.T) {
	b := AppendOrder(nil, &order)
	if want := "\x00\x32UO12345678901234B\x00\x00\x01\x2cTEST    \x00\x01\xe2\x08\x00\x00\x00\x00LITEYPN\x00\x00\x00\x00NR"; string(b) != want {
		t.Errorf("got  %q\nwant %q", b, want)
	}
	var got Order
	if err := NewReader(bytes.NewReader(b)).Order(&got); err != nil || got != order {
		t.Errorf("%+v, %v, want %+v", got, err, order)
	}
}

func TestAck(t *testing.T) {
	var got Ack
	if err := NewReader(bytes.NewReader(AppendAck(nil, &ack))).Ack(&got); err != nil || got != ack {
		t.Errorf("%+v, %v, want %+v", got, err, ack)
	}
}

func TestBadFrames(t *testing.T) {
	good := AppendOrder(nil, &order)
	change := func(at int, to byte) []byte {
		b := bytes.Clone(good)
		b[at] = to
		return b
	}
	for _, c := range []struct {
		name string
		b    []byte
		want error
	}{
		{"nothing", nil, io.EOF},
		{"half a header", good[:2], io.ErrUnexpectedEOF},
		{"header alone", good[:3], io.ErrUnexpectedEOF},
		{"half a message", good[:20], io.ErrUnexpectedEOF},
		{"length", change(1, 9), ErrFrame},
		{"packet type", change(2, 'S'), ErrFrame},
		{"message type", change(3, 'A'), ErrType},
		{"token", change(4, 'x'), ErrFrame},
	} {
		var o Order
		if err := NewReader(bytes.NewReader(c.b)).Order(&o); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}

func FuzzReader(f *testing.F) {
	f.Add(AppendOrder(nil, &order))
	f.Add(AppendAck(nil, &ack))
	f.Fuzz(func(t *testing.T, b []byte) {
		var o, again Order
		if NewReader(bytes.NewReader(b)).Order(&o) == nil {
			if err := NewReader(bytes.NewReader(AppendOrder(nil, &o))).Order(&again); err != nil || again != o {
				t.Errorf("%+v became %+v, %v", o, again, err)
			}
		}
		var a Ack
		NewReader(bytes.NewReader(b)).Ack(&a)
	})
}
