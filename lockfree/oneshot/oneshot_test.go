//go:build !model

package oneshot_test

import (
	"runtime"
	"testing"
	"unsafe"
	"weak"

	"github.com/litesync/litesync/lockfree/oneshot"
)

// big is a value of several words and kinds.
type big struct {
	n [100]int
	s string
	p *int
}

func TestTypes(t *testing.T) {
	roundTrip(t, struct{}{})
	roundTrip(t, true)
	roundTrip(t, uint64(1<<63))
	roundTrip(t, "text")
	roundTrip(t, new(int))
	roundTrip(t, error(oneshot.ErrSent))
	roundTrip(t, any(nil))
	roundTrip(t, big{n: [100]int{99: 1}, s: "x", p: new(int)})
}

func roundTrip[T comparable](t *testing.T, v T) {
	t.Helper()
	s, r := oneshot.New[T]()
	if err := s.Send(v); err != nil {
		t.Errorf("%T: %v", v, err)
	}
	if got, err := r.Recv(); got != v || err != nil {
		t.Errorf("%T: got %v, %v", v, got, err)
	}
	var zero T
	if got, err := r.Recv(); got != zero || err != oneshot.ErrClosed {
		t.Errorf("%T: got %v, %v", v, got, err)
	}
}

func TestSizes(t *testing.T) {
	const word = unsafe.Sizeof(uintptr(0))
	for _, c := range []struct {
		of         string
		size, want uintptr
	}{
		{"struct{}", unsafe.Sizeof(oneshot.Chan[struct{}]{}), word},
		{"uint64", unsafe.Sizeof(oneshot.Chan[uint64]{}), 8 + word},
		{"*int", unsafe.Sizeof(oneshot.Chan[*int]{}), 2 * word},
	} {
		t.Logf("%s: %d bytes", c.of, c.size)
		if c.size > c.want {
			t.Errorf("%s: %d bytes, want %d", c.of, c.size, c.want)
		}
	}
}

func TestSplit(t *testing.T) {
	var c oneshot.Chan[int]
	s1, r1 := c.Split()
	s2, r2 := c.Split()
	if s1 != s2 || r1 != r2 {
		t.Error("other ends")
	}
}

// collected fails the test unless what p points to becomes garbage.
func collected[T any](t *testing.T, what string, p weak.Pointer[T]) {
	t.Helper()
	for range 20 {
		runtime.GC()
		if p.Value() == nil {
			return
		}
	}
	t.Errorf("%s: still reachable", what)
}

// The channel keeps a value alive only as long as it can still be taken.
func TestValueCollected(t *testing.T) {
	var c oneshot.Chan[*big]
	s, r := c.Split()
	defer runtime.KeepAlive(&c)
	fresh := func() (*big, weak.Pointer[big]) {
		p := new(big)
		return p, weak.Make(p)
	}
	send := func(want error) weak.Pointer[big] {
		v, w := fresh()
		if err := s.Send(v); err != want {
			t.Errorf("Send: %v, want %v", err, want)
		}
		return w
	}

	w := send(nil)
	r.TryRecv()
	collected(t, "taken", w)
	collected(t, "sent again", send(oneshot.ErrSent))

	c.Reset()
	r.Close()
	collected(t, "sent after the receiver closed", send(oneshot.ErrClosed))

	c.Reset()
	w = send(nil)
	r.Close()
	runtime.GC()
	if w.Value() == nil {
		t.Error("gone while it could be taken")
	}
	r.TryRecv()
	collected(t, "taken after the receiver closed", w)

	c.Reset()
	w = send(nil)
	c.Reset()
	collected(t, "reset", w)

	s, r = oneshot.New[*big]()
	w = send(nil)
	r.Close()
	runtime.KeepAlive(s)
	s, r = nil, nil
	collected(t, "of an abandoned channel", w)
}

// A Send that fails because the receiver closes just then keeps nothing.
func TestValueCollectedRace(t *testing.T) {
	for range rounds(200) {
		s, r := oneshot.New[*big]()
		p := new(big)
		w := weak.Make(p)
		sent := make(chan error)
		go func() { sent <- s.Send(p) }()
		r.Close()
		err := <-sent
		p = nil
		if err != nil {
			runtime.GC()
			collected(t, "not sent", w)
		} else if v, err := r.TryRecv(); v == nil || err != nil {
			t.Errorf("sent, but got %v, %v", v, err)
		}
		runtime.KeepAlive(r)
	}
}

// holder is a waker that can be seen to be collected.
type holder struct{ _ [10]int }

func (*holder) Wake() {}

// Wakers go when they have been woken, replaced, or left behind.
func TestWakersCollected(t *testing.T) {
	poll := func(r *oneshot.Receiver[int]) weak.Pointer[holder] {
		h := new(holder)
		r.Poll(h)
		return weak.Make(h)
	}
	pollClosed := func(s *oneshot.Sender[int]) weak.Pointer[holder] {
		h := new(holder)
		s.PollClosed(h)
		return weak.Make(h)
	}
	s, r := oneshot.New[int]()
	first, other := poll(r), pollClosed(s)
	var last weak.Pointer[holder]
	for range 10 { // Each is put on top of the one before.
		last = poll(r)
		other = pollClosed(s)
	}
	collected(t, "replaced", first)
	s.Send(1)
	collected(t, "woken", last)
	collected(t, "the sender's own", other)
	runtime.KeepAlive(r)

	s, r = oneshot.New[int]()
	last, other = poll(r), pollClosed(s)
	runtime.KeepAlive(r)
	collected(t, "abandoned", last)
	collected(t, "abandoned", other)
}
