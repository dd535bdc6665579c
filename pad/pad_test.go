package pad_test

import (
	"strconv"
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

var pair *[2]pad.Index // On the heap.

// What the two ends of a ring write must not meet, whatever the alignment of
// the pair.
func TestIndex(t *testing.T) {
	var x pad.Index
	if got := unsafe.Sizeof(x); got%pad.Size != 0 {
		t.Errorf("Index has %d bytes, not a multiple of %d", got, pad.Size)
	}
	pos, end := unsafe.Offsetof(x.Pos), unsafe.Sizeof(x)
	if pos%64 != 0 || pos < unsafe.Offsetof(x.Reserved)+unsafe.Sizeof(x.Reserved) {
		t.Errorf("Pos, at %d, shares a line with what its owner needs", pos)
	}
	if behind := end - pos - unsafe.Sizeof(x.Pos); behind < min(pad.Size, 64)-unsafe.Sizeof(x.Pos) {
		t.Errorf("there are %d bytes between Pos and the next Index", behind)
	}
	for range 100 {
		pair = new([2]pad.Index)
		// On 32-bit machines the allocator puts 8 bytes of its own before it.
		if a := uintptr(unsafe.Pointer(pair)); a%pad.Size != 0 && strconv.IntSize == 64 {
			t.Fatalf("a pair on the heap is at %#x, not aligned to %d", a, pad.Size)
		}
	}
}
