//go:build !model

package lite_test

import (
	"testing"
	"unsafe"

	"github.com/litesync/litesync/lockfree/oneshot"
	"github.com/litesync/litesync/lockfree/oneshot/lite"
)

// What lite shares with oneshot is tested there.

type (
	code   uint8
	signed int8
	flag   bool
	event  struct{}
)

// all sends every value of a type there and back.
func all[S interface {
	comparable
	lite.State
}](t *testing.T, values ...S) {
	t.Helper()
	var c lite.Chan[S]
	if size := unsafe.Sizeof(c); size != unsafe.Sizeof(uintptr(0)) {
		t.Errorf("%T: %d bytes", values[0], size)
	}
	s, r := c.Split()
	for _, v := range values {
		for _, closed := range []bool{false, true} {
			c.Reset()
			if err := s.Send(v); err != nil {
				t.Errorf("%T %v: %v", v, v, err)
			}
			if closed {
				r.Close()
			}
			if got, err := r.TryRecv(); got != v || err != nil {
				t.Errorf("%T %v: got %v, %v", v, v, got, err)
			}
			if got, err := r.TryRecv(); err != lite.ErrClosed {
				t.Errorf("%T %v: got %v, %v", v, v, got, err)
			}
		}
	}
}

func TestTypes(t *testing.T) {
	var bytes []uint8
	var codes []code
	var ints []int8
	var signeds []signed
	for i := range 256 {
		bytes = append(bytes, uint8(i))
		codes = append(codes, code(i))
		ints = append(ints, int8(i))
		signeds = append(signeds, signed(i))
	}
	all(t, bytes...)
	all(t, codes...)
	all(t, ints...)
	all(t, signeds...)
	all(t, false, true)
	all(t, flag(false), flag(true))
	all(t, struct{}{})
	all(t, event{})
}

func TestErrors(t *testing.T) {
	if lite.ErrClosed != oneshot.ErrClosed || lite.ErrEmpty != oneshot.ErrEmpty || lite.ErrSent != oneshot.ErrSent {
		t.Error("not those of oneshot")
	}
}
