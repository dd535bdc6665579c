package itch

import (
	"bytes"
	"errors"
	"io"
	"testing"
)

// samples is one message of each type, every field in use.
func samples() []Message {
	stock := [8]byte{'T', 'E', 'S', 'T', ' ', ' ', ' ', ' '}
	h := Message{Locate: 0x0102, Tracking: 0x0304, Time: 0x1122_3344_5566}
	with := func(f func(m *Message)) Message { m := h; f(&m); return m }
	return []Message{
		with(func(m *Message) { m.Type, m.Event = SystemEvent, 'O' }),
		with(func(m *Message) { m.Type, m.Stock = StockDirectory, stock }),
		with(func(m *Message) {
			m.Type, m.Ref, m.Side, m.Shares, m.Stock, m.Price = Add, 7<<40, Sell, 300, stock, 123400
		}),
		with(func(m *Message) { m.Type, m.Ref, m.Shares, m.Match = Execute, 7<<40, 100, 9<<50 }),
		with(func(m *Message) { m.Type, m.Ref, m.Shares = Cancel, 7<<40, 100 }),
		with(func(m *Message) { m.Type, m.Ref = Delete, 7<<40 }),
		with(func(m *Message) { m.Type, m.Ref, m.NewRef, m.Shares, m.Price = Replace, 7<<40, 8<<40, 200, 123500 }),
	}
}

func TestLayout(t *testing.T) {
	// An add order, byte by byte as the specification has it.
	want := "A" + "\x01\x02" + "\x03\x04" + "\x11\x22\x33\x44\x55\x66" + "\x00\x00\x07\x00\x00\x00\x00\x00" + "S" + "\x00\x00\x01\x2c" + "TEST    " + "\x00\x01\xe2\x08"
	m := samples()[2]
	if got := Append(nil, &m); string(got) != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestRoundTrip(t *testing.T) {
	for _, m := range samples() {
		b := Append([]byte("before"), &m)[6:]
		var got Message
		if err := Decode(b, &got); err != nil || got != m {
			t.Errorf("%q: got %+v, %v, want %+v", m.Type, got, err, m)
		}
		for n := range b {
			if err := Decode(b[:n], &got); !errors.Is(err, ErrLength) {
				t.Errorf("%q cut to %d bytes: %v", m.Type, n, err)
			}
		}
		if err := Decode(append(b, 0), &got); !errors.Is(err, ErrLength) {
			t.Errorf("%q with a byte more: %v", m.Type, err)
		}
	}
}

func TestBadFields(t *testing.T) {
	for name, change := range map[string]struct {
		at   int
		to   byte
		want error
	}{
		"type": {0, 'z', ErrType}, "side": {19, 'Q', ErrField}, "time": {5, 0xff, ErrField},
	} {
		m := samples()[2]
		b := Append(nil, &m)
		b[change.at] = change.to
		if err := Decode(b, &m); !errors.Is(err, change.want) {
			t.Errorf("bad %s: %v, want %v", name, err, change.want)
		}
	}
}

func TestFile(t *testing.T) {
	var file bytes.Buffer
	w := NewWriter(&file)
	for _, m := range samples() {
		if err := w.Write(&m); err != nil {
			t.Fatal(err)
		}
	}
	whole := file.Bytes()
	r := NewReader(bytes.NewReader(whole))
	var m Message
	for _, want := range samples() {
		if _, err := r.Next(&m); err != nil || m != want {
			t.Fatalf("%+v, %v, want %+v", m, err, want)
		}
	}
	if _, err := r.Next(&m); err != io.EOF {
		t.Errorf("after the last message: %v", err)
	}
	for _, cut := range []int{1, 3} {
		r := NewReader(bytes.NewReader(whole[:cut]))
		if _, err := r.Next(&m); err != io.ErrUnexpectedEOF {
			t.Errorf("file cut to %d bytes: %v", cut, err)
		}
	}
	if _, err := NewReader(bytes.NewReader([]byte{0xff, 0xff, 'A'})).Next(&m); !errors.Is(err, ErrLength) {
		t.Errorf("message of 65535 bytes: %v", err)
	}
}

func TestGeneratorRepeats(t *testing.T) {
	day := func(seed uint64) []byte {
		var b []byte
		g := NewGenerator(seed, 4, 5000)
		for m := g.Next(); m != nil; m = g.Next() {
			b = Append(b, m)
		}
		return b
	}
	if !bytes.Equal(day(1), day(1)) {
		t.Error("two days with the same seed differ")
	}
	if bytes.Equal(day(1), day(2)) {
		t.Error("two days with different seeds are the same")
	}
}

func FuzzDecode(f *testing.F) {
	for _, m := range samples() {
		f.Add(Append(nil, &m))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var m, again Message
		if Decode(b, &m) != nil {
			return
		}
		if err := Decode(Append(nil, &m), &again); err != nil || again != m {
			t.Errorf("%+v encodes to what decodes to %+v, %v", m, again, err)
		}
	})
}
