package mold

import (
	"errors"
	"slices"
	"testing"
)

var session = Session([]byte("SESSION001"))

// packets is a session of one, two and three messages, and its end.
func packets() [][]byte {
	var ps [][]byte
	p := NewPacker(session)
	for n := 1; n <= 3; n++ {
		for i := range n {
			p.Add([]byte{'a' + byte(n), '0' + byte(i)})
		}
		ps = append(ps, slices.Clone(p.Packet()))
	}
	return append(ps, End(session, p.next))
}

// receive returns the messages that a new receiver takes from the packets.
func receive(t *testing.T, ps ...[]byte) ([]string, *Receiver) {
	t.Helper()
	r := NewReceiver(session)
	var got []string
	for _, p := range ps {
		if err := r.Packet(p, func(m []byte) { got = append(got, string(m)) }); err != nil {
			t.Fatal(err)
		}
	}
	return got, r
}

func TestInOrder(t *testing.T) {
	got, r := receive(t, packets()...)
	if want := []string{"b0", "c0", "c1", "d0", "d1", "d2"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if r.Lost+r.Gaps+r.Old != 0 || !r.Ended {
		t.Errorf("%+v", r)
	}
}

func TestGapsAndRepeats(t *testing.T) {
	ps := packets()
	for _, c := range []struct {
		name            string
		order           []int
		want            []string
		lost, gaps, old uint64
	}{
		{"first lost", []int{1, 2, 3}, []string{"c0", "c1", "d0", "d1", "d2"}, 1, 1, 0},
		{"middle lost", []int{0, 2, 3}, []string{"b0", "d0", "d1", "d2"}, 2, 1, 0},
		{"last lost, the end tells", []int{0, 1, 3}, []string{"b0", "c0", "c1"}, 3, 1, 0},
		{"doubled", []int{0, 1, 1, 2, 3}, []string{"b0", "c0", "c1", "d0", "d1", "d2"}, 0, 0, 1},
		{"overtaken", []int{1, 0, 2, 3}, []string{"c0", "c1", "d0", "d1", "d2"}, 1, 1, 1},
	} {
		var in [][]byte
		for _, i := range c.order {
			in = append(in, ps[i])
		}
		got, r := receive(t, in...)
		if !slices.Equal(got, c.want) || r.Lost != c.lost || r.Gaps != c.gaps || r.Old != c.old {
			t.Errorf("%s: %q, %+v", c.name, got, r)
		}
	}
}

// A packet that overlaps what was seen yields only what is new.
func TestOverlap(t *testing.T) {
	p := NewPacker(session)
	for _, m := range []string{"1", "2", "3"} {
		p.Add([]byte(m))
	}
	got, r := receive(t, packets()[0], p.Packet())
	if want := []string{"b0", "2", "3"}; !slices.Equal(got, want) || r.Lost != 0 {
		t.Errorf("got %q, want %q; %+v", got, want, r)
	}
}

func TestBadPackets(t *testing.T) {
	good := packets()[2]
	change := func(f func(b []byte) []byte) []byte { return f(slices.Clone(good)) }
	for _, c := range []struct {
		name string
		b    []byte
		want error
	}{
		{"empty", nil, ErrShort},
		{"half a header", good[:19], ErrShort},
		{"half a message", good[:len(good)-1], ErrShort},
		{"a byte more", append(slices.Clone(good), 0), ErrLong},
		{"another session", change(func(b []byte) []byte { b[0]++; return b }), ErrSession},
		{"more messages than there are", change(func(b []byte) []byte { b[19]++; return b }), ErrShort},
		{"a long message", change(func(b []byte) []byte { b[20] = 0xff; return b }), ErrShort},
		{"last sequence number", change(func(b []byte) []byte { copy(b[10:18], "\xff\xff\xff\xff\xff\xff\xff\xff"); return b }), ErrCount},
	} {
		r := NewReceiver(session)
		err := r.Packet(c.b, func([]byte) { t.Errorf("%s: a message was taken", c.name) })
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
		if *r != *NewReceiver(session) {
			t.Errorf("%s: had an effect: %+v", c.name, r)
		}
	}
}

func FuzzPacket(f *testing.F) {
	for _, p := range packets() {
		f.Add(p)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		r := NewReceiver(session)
		n := uint64(0)
		before := *r
		if err := r.Packet(b, func([]byte) { n++ }); err != nil {
			if n > 0 || *r != before {
				t.Errorf("an error, but %d messages and %+v", n, r)
			}
			return
		}
		if r.next != 1+r.Lost+n {
			t.Errorf("%d messages, %d lost, but the next is %d", n, r.Lost, r.next)
		}
	})
}
