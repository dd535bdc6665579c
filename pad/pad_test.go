package pad_test

import (
	"testing"
	"unsafe"

	"github.com/litesync/litesync/pad"
)

// value checks that a V shares no block of Size bytes with anything outside
// its Value, wherever the Value is.
func value[T any](t *testing.T, name string) {
	t.Run(name, func(t *testing.T) {
		var zero T
		size := unsafe.Sizeof(zero)
		if got := unsafe.Sizeof(pad.Value[T]{}); got%pad.Size != 0 {
			t.Errorf("size %d is not a multiple of %d", got, pad.Size)
		}
		var stack pad.Value[T]
		heap := new(pad.Value[T])
		array := make([]pad.Value[T], 3)
		var embedded struct {
			before byte
			v      pad.Value[T]
			after  byte
		}
		for where, p := range map[string]*pad.Value[T]{
			"stack": &stack, "heap": heap, "array": &array[1], "embedded": &embedded.v,
		} {
			first := uintptr(unsafe.Pointer(p))
			last := first + unsafe.Sizeof(*p) - 1
			v := uintptr(unsafe.Pointer(&p.V))
			if end := v + size - 1; size > 0 && (v/pad.Size == (first-1)/pad.Size || end/pad.Size == (last+1)/pad.Size) {
				t.Errorf("%s: V at %#x to %#x shares a line with what is outside %#x to %#x", where, v, end, first, last)
			}
			if v%unsafe.Alignof(zero) != 0 {
				t.Errorf("%s: V at %#x is not aligned to %d", where, v, unsafe.Alignof(zero))
			}
		}
	})
}

func TestValue(t *testing.T) {
	value[byte](t, "byte")
	value[uint64](t, "uint64")
	value[[3]byte](t, "[3]byte")
	value[[200]byte](t, "[200]byte")
	value[string](t, "string")
	value[struct {
		a uint32
		b *int
	}](t, "struct")
	value[struct{}](t, "struct{}")
}

func TestLine(t *testing.T) {
	if got := unsafe.Sizeof(pad.Line{}); got != pad.Size {
		t.Errorf("Line has %d bytes, Size is %d", got, pad.Size)
	}
	var s struct {
		a byte
		_ pad.Line
		b byte
	}
	if d := uintptr(unsafe.Pointer(&s.b)) - uintptr(unsafe.Pointer(&s.a)); d <= pad.Size {
		t.Errorf("two bytes with a Line between them are %d bytes apart", d)
	}
}

// What an end of a ring needs for each step is not on the line of its Pos, also on
// the heap behind a header of 8 bytes.
func TestIndex(t *testing.T) {
	var x pad.Index
	pos := unsafe.Offsetof(x.Pos)
	if pos%64 != 0 || pos+unsafe.Sizeof(x.Pos) != unsafe.Sizeof(x) {
		t.Errorf("Pos is at %d of %d bytes", pos, unsafe.Sizeof(x))
	}
	for _, end := range []uintptr{
		unsafe.Offsetof(x.Passed) + unsafe.Sizeof(x.Passed),
		unsafe.Offsetof(x.Limit) + unsafe.Sizeof(x.Limit),
		unsafe.Offsetof(x.At) + unsafe.Sizeof(x.At),
		unsafe.Offsetof(x.Stride) + unsafe.Sizeof(x.Stride),
		unsafe.Offsetof(x.End) + unsafe.Sizeof(x.End),
		unsafe.Offsetof(x.Base) + unsafe.Sizeof(x.Base),
		unsafe.Offsetof(x.Room) + unsafe.Sizeof(x.Room),
		unsafe.Offsetof(x.Notice) + unsafe.Sizeof(x.Notice),
	} {
		if end > pos-8 {
			t.Errorf("a field ends at %d, Pos is at %d", end, pos)
		}
	}
}
