package ring_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unsafe"
	"weak"

	"github.com/litesync/litesync/internal/trial"
	"github.com/litesync/litesync/lockfree/ring"
	"github.com/litesync/litesync/pad"
)

type large struct {
	id  uint64
	pad [7]uint64
}

// each runs a life of the ring with one element type: fill, refuse, wrap
// around, empty, for capacities about the powers of two.
func each[T comparable](t *testing.T, name string, item func(i int) T) {
	t.Run(name, func(t *testing.T) {
		for _, capacity := range []int{1, 2, 3, 4, 5, 7, 8, 9, 64, 100} {
			p, c := ring.New[T](capacity)
			in, out := 0, 0
			for round := range 3 * capacity {
				for p.Push(item(in)) {
					in++
				}
				if got := in - out; got != capacity || p.Len() != capacity || c.Len() != capacity || p.Free() != 0 {
					t.Fatalf("capacity %d round %d: full at %d, Len %d and %d, Free %d", capacity, round, got, p.Len(), c.Len(), p.Free())
				}
				for range round%capacity + 1 {
					v, ok := c.Pop()
					if !ok || v != item(out) {
						t.Fatalf("capacity %d round %d: Pop = %v, %v; want %v", capacity, round, v, ok, item(out))
					}
					out++
				}
			}
			for ; out < in; out++ {
				if v, ok := c.Pop(); !ok || v != item(out) {
					t.Fatalf("capacity %d: Pop = %v, %v; want %v", capacity, v, ok, item(out))
				}
			}
			var zero T
			if v, ok := c.Pop(); ok || v != zero {
				t.Fatalf("capacity %d: Pop of an empty ring = %v, %v", capacity, v, ok)
			}
			if p.Len() != 0 || p.Free() != capacity || p.Cap() != capacity || c.Cap() != capacity {
				t.Fatalf("capacity %d: empty with Len %d, Free %d, Cap %d and %d", capacity, p.Len(), p.Free(), p.Cap(), c.Cap())
			}
		}
	})
}

func TestElementTypes(t *testing.T) {
	each(t, "struct{}", func(int) struct{} { return struct{}{} })
	each(t, "[0]*int", func(int) [0]*int { return [0]*int{} })
	each(t, "bool", func(i int) bool { return i%3 == 0 })
	each(t, "uint8", func(i int) uint8 { return uint8(i) })
	each(t, "uint16", func(i int) uint16 { return uint16(i) })
	each(t, "[3]byte", func(i int) [3]byte { return [3]byte{byte(i), byte(i >> 8), 7} })
	each(t, "uint32", func(i int) uint32 { return uint32(i) })
	each(t, "uint64", func(i int) uint64 { return uint64(i) })
	each(t, "large", func(i int) large { return large{id: uint64(i), pad: [7]uint64{6: uint64(i)}} })
	each(t, "string", func(i int) string { return fmt.Sprint(i) })
	each(t, "any", func(i int) any { return i })
	ints := make([]int, 1<<12)
	each(t, "*int", func(i int) *int { return &ints[i%len(ints)] })
}

func TestBadInput(t *testing.T) {
	p, c := ring.New[int](4)
	p.Reserve(3)
	for _, tt := range []struct {
		f    func()
		want string
	}{
		{func() { ring.New[int](0) }, "ring: New: capacity 0 "},
		{func() { ring.New[int](-5) }, "ring: New: capacity -5 "},
		{func() { ring.New[int](ring.MaxCapacity + 1) }, fmt.Sprintf("ring: New: capacity %d ", ring.MaxCapacity+1)},
		{func() { p.Reserve(-1) }, "ring: Producer.Reserve: n is -1"},
		{func() { p.Commit(-2) }, "ring: Producer.Commit: n is -2"},
		{func() { p.Commit(4) }, "ring: Producer.Commit: n is 4, but 3 slots are reserved"},
		{func() { c.PeekSlice(-3) }, "ring: Consumer.PeekSlice: n is -3"},
		{func() { c.Discard(-4) }, "ring: Consumer.Discard: n is -4"},
	} {
		if got := trial.Panic(tt.f); !strings.HasPrefix(got, tt.want) {
			t.Errorf("panic %q, want %q…", got, tt.want)
		}
	}
	// Nothing of it harmed the ring.
	p.Commit(3)
	if n := c.Clear(); n != 3 {
		t.Errorf("Clear = %d after three were committed", n)
	}
	if n := p.PushSlice(nil) + p.PushSlice([]int{}) + c.PopSlice(nil) + c.Discard(0); n != 0 {
		t.Errorf("empty slices moved %d items", n)
	}
	if a, b := p.Reserve(0); len(a)+len(b) != 0 {
		t.Errorf("Reserve(0) gave %d slots", len(a)+len(b))
	}
	if a, b := c.PeekSlice(5); len(a)+len(b) != 0 {
		t.Errorf("PeekSlice of an empty ring gave %d items", len(a)+len(b))
	}
	if v, ok := c.Peek(); v != nil || ok {
		t.Errorf("Peek of an empty ring = %v, %v", v, ok)
	}
}

func TestReserveCommit(t *testing.T) {
	p, c := ring.New[int](6)
	for range 5 { // Move the start, so that reservations wrap around.
		p.Push(0)
		c.Pop()
	}
	fill := func(n, from int) {
		a, b := p.Reserve(n)
		for i := range a {
			a[i] = from + i
		}
		for i := range b {
			b[i] = from + len(a) + i
		}
		if len(a)+len(b) != n {
			t.Fatalf("Reserve(%d) gave %d slots", n, len(a)+len(b))
		}
	}
	fill(6, 100)
	if c.Len() != 0 {
		t.Fatal("reserved slots are visible")
	}
	fill(6, 200) // Starts over.
	p.Commit(2)
	p.Commit(2) // The rest is still reserved.
	if !p.Push(7) {
		t.Fatal("no room for one more")
	}
	if got := trial.Panic(func() { p.Commit(2) }); !strings.Contains(got, "but 1 slots are reserved") {
		t.Fatalf("Push did not use up the reservation: %s", got)
	}
	if got := slices.Collect(c.Drain()); !slices.Equal(got, []int{200, 201, 202, 203, 7}) {
		t.Fatalf("got %v", got)
	}
	fill(2, 0)
	p.PushSlice([]int{1, 2, 3})
	if got := trial.Panic(func() { p.Commit(1) }); !strings.Contains(got, "but 0 slots are reserved") {
		t.Fatalf("Commit after the reservation was passed: %s", got)
	}
	if a, b := p.Reserve(9); len(a)+len(b) != 3 {
		t.Fatalf("Reserve(9) with 3 free gave %d", len(a)+len(b))
	}
}

// A reservation does not come back to life when 2^31 items and more have passed it.
func TestReservationLongPast(t *testing.T) {
	const n = ring.MaxCapacity
	p, c := ring.New[struct{}](n)
	many := make([]struct{}, n)
	p.Reserve(3)
	for passed := range 5 {
		if pushed, popped := p.PushSlice(many), c.Discard(n); pushed != n || popped != n {
			t.Fatalf("pushed %d, popped %d", pushed, popped)
		}
		p.Push(struct{}{})
		c.Pop()
		if got := trial.Panic(func() { p.Commit(1) }); !strings.Contains(got, "but 0 slots are reserved") {
			t.Fatalf("Commit of 1 when %d * 2^30 have passed the reservation: %q", passed+1, got)
		}
	}
}

func TestPeekDiscard(t *testing.T) {
	p, c := ring.New[int](4)
	next, want := 0, 0
	for range 20 {
		for p.Push(next) {
			next++
		}
		if v, ok := c.Peek(); !ok || *v != want {
			t.Fatalf("Peek = %v, %v; want %d", v, ok, want)
		}
		a, b := c.PeekSlice(3)
		for i, v := range append(slices.Clone(a), b...) {
			if v != want+i {
				t.Fatalf("PeekSlice has %d at %d, want %d", v, i, want+i)
			}
		}
		if len(a)+len(b) != 3 || c.Len() != 4 {
			t.Fatalf("PeekSlice(3) gave %d and left %d", len(a)+len(b), c.Len())
		}
		want += c.Discard(3)
	}
	if n := c.Discard(10); n != 1 {
		t.Fatalf("Discard(10) of one item = %d", n)
	}
}

func TestDrainStops(t *testing.T) {
	p, c := ring.New[int](8)
	p.PushSlice([]int{0, 1, 2, 3, 4})
	for v := range c.Drain() {
		if v == 2 {
			break
		}
	}
	if v, _ := c.Pop(); v != 3 {
		t.Fatalf("after a break at 2 the next is %d", v)
	}
	for v := range c.Drain() { // What is pushed meanwhile is drained too.
		if v < 10 {
			p.Push(v + 10)
		} else if v != 14 {
			t.Fatalf("drained %d", v)
		}
	}
}

func TestInline(t *testing.T) {
	var r struct {
		before uint64
		ring   ring.Inline[uint64, [8]uint64]
		after  uint64
	}
	p, c := r.ring.Split()
	if p2, c2 := r.ring.Split(); p2 != p || c2 != c {
		t.Fatal("Split gave other ends the second time")
	}
	in, out := uint64(1), uint64(1)
	for range 100 {
		for p.Push(in) {
			in++
		}
		if p.Cap() != 8 || p.Len() != 8 {
			t.Fatalf("Cap %d, Len %d", p.Cap(), p.Len())
		}
		for v := range c.Drain() {
			if v != out {
				t.Fatalf("got %d, want %d", v, out)
			}
			out++
		}
	}
	if r.before != 0 || r.after != 0 {
		t.Fatal("the ring wrote outside itself")
	}
	var one ring.Inline[struct{}, [1]struct{}]
	p1, c1 := one.Split()
	if !p1.Push(struct{}{}) || p1.Push(struct{}{}) {
		t.Fatal("one slot for struct{} does not hold exactly one")
	}
	if _, ok := c1.Pop(); !ok {
		t.Fatal("the item is gone")
	}
}

func TestAllocations(t *testing.T) {
	p, c := ring.New[*int](64)
	var in ring.Inline[uint64, [64]uint64]
	buf := make([]*int, 32)
	v := new(int)
	for _, tt := range []struct {
		name string
		want float64
		f    func()
	}{
		{"operations", 0, func() {
			p.Push(v)
			c.Pop()
			p.PushSlice(buf)
			c.PopSlice(buf)
			p.Reserve(8)
			p.Commit(8)
			c.Peek()
			c.PeekSlice(4)
			c.Discard(4)
			for range c.Drain() {
			}
			c.Clear()
			p.Len()
		}},
		{"New", 2, func() { ring.New[uint64](16) }},
		{"Split", 0, func() { in.Split() }},
	} {
		if n := testing.AllocsPerRun(100, tt.f); n > tt.want {
			t.Errorf("%s: %v allocations, want %v", tt.name, n, tt.want)
		}
	}
}

// Nothing that was taken or refused may be kept alive by the ring.
func TestReleasesValues(t *testing.T) {
	type box struct{ p *[64]byte }
	for name, take := range map[string]func(c *ring.Consumer[box]) int{
		"Pop":      func(c *ring.Consumer[box]) int { c.Pop(); return 1 },
		"PopSlice": func(c *ring.Consumer[box]) int { return c.PopSlice(make([]box, 3)) },
		"Discard":  func(c *ring.Consumer[box]) int { return c.Discard(5) },
		"Clear":    func(c *ring.Consumer[box]) int { return c.Clear() },
		"Drain": func(c *ring.Consumer[box]) (n int) {
			for range c.Drain() {
				n++
			}
			return n
		},
	} {
		p, c := ring.New[box](8)
		var all, refused []weak.Pointer[[64]byte]
		push := func() {
			for {
				v := new([64]byte)
				if !p.Push(box{v}) {
					refused = append(refused, weak.Make(v))
					break
				}
				all = append(all, weak.Make(v))
			}
		}
		taken := 0
		for range 4 {
			push()
			taken += take(c)
		}
		runtime.GC()
		for i, w := range refused {
			if w.Value() != nil {
				t.Errorf("%s: value %d of %d that were refused is kept", name, i, len(refused))
			}
		}
		for i, w := range all {
			if gone := w.Value() == nil; gone != (i < taken) {
				t.Errorf("%s: %d of %d were taken; item %d: collected %v", name, taken, len(all), i, gone)
			}
		}
		runtime.KeepAlive(c)
	}
}

// Positions count on through the end of a word, and through that of 32 bits.
func TestWrapAround(t *testing.T) {
	for _, start := range []uintptr{^uintptr(0), ^uintptr(6), 1<<32 - 1, 1<<32 - 7, 1<<31 - 3} {
		for _, capacity := range []int{1, 3, 8} {
			p, c := ring.NewAt[uint64](capacity, start)
			in, out := uint64(0), uint64(0)
			buf := make([]uint64, capacity)
			for range 20 {
				if p.Push(in) {
					in++
				}
				a, b := p.Reserve(capacity)
				for i := range a {
					a[i] = in + uint64(i)
				}
				for i := range b {
					b[i] = in + uint64(len(a)+i)
				}
				p.Commit(len(a) + len(b))
				in += uint64(len(a) + len(b))
				if p.Len() != capacity || c.Len() != capacity || p.Push(0) {
					t.Fatalf("from %#x, capacity %d: Len %d, not full", start, capacity, p.Len())
				}
				for _, v := range buf[:c.PopSlice(buf[:(capacity+1)/2])] {
					if v != out {
						t.Fatalf("from %#x, capacity %d: got %d, want %d", start, capacity, v, out)
					}
					out++
				}
				for v := range c.Drain() {
					if v != out {
						t.Fatalf("from %#x, capacity %d: got %d, want %d", start, capacity, v, out)
					}
					out++
				}
			}
			if in != out || p.Len() != 0 {
				t.Fatalf("from %#x, capacity %d: %d in, %d out, Len %d", start, capacity, in, out, p.Len())
			}
		}
	}
}

// FuzzModel runs a sequence of operations against a slice.
func FuzzModel(f *testing.F) {
	f.Add(uint8(1), []byte{0, 0, 1, 1, 2, 200, 3, 200})
	f.Add(uint8(5), []byte{2, 3, 4, 2, 5, 2, 6, 1, 7, 2, 8, 0, 9, 0, 3, 9})
	seed := make([]byte, 4000)
	r := rand.NewChaCha8([32]byte{})
	for i := range uint8(8) {
		r.Read(seed)
		f.Add(i*3, slices.Clone(seed))
	}
	f.Fuzz(func(t *testing.T, capacity uint8, ops []byte) {
		capacity = max(1, capacity)
		p, c := ring.NewAt[int](int(capacity), -uintptr(len(ops)/4))
		var model []int
		next, reserved := 0, 0
		items := func(n int) []int {
			vs := make([]int, n)
			for i := range vs {
				vs[i] = next + i
			}
			return vs
		}
		room := func() int { return int(capacity) - len(model) }
		check := func(op string, got, want []int) {
			if !slices.Equal(got, want) {
				t.Fatalf("%s: got %v, want %v", op, got, want)
			}
		}
		for i := 0; i+1 < len(ops); i += 2 {
			n := int(ops[i+1])
			switch ops[i] % 10 {
			case 0:
				if ok := p.Push(next); ok != (room() > 0) {
					t.Fatalf("Push = %v with room for %d", ok, room())
				} else if ok {
					model = append(model, next)
					next++
				}
				reserved = 0
			case 1:
				v, ok := c.Pop()
				if ok != (len(model) > 0) {
					t.Fatalf("Pop = %v with %d items", ok, len(model))
				}
				if ok {
					check("Pop", []int{v}, model[:1])
					model = model[1:]
				}
			case 2:
				vs := items(n)
				k := p.PushSlice(vs)
				if k != min(n, room()) {
					t.Fatalf("PushSlice of %d = %d with room for %d", n, k, room())
				}
				model = append(model, vs[:k]...)
				next += k
				reserved = 0
			case 3:
				dst := make([]int, n)
				k := c.PopSlice(dst)
				check("PopSlice", dst[:k], model[:min(n, len(model))])
				model = model[k:]
			case 4:
				a, b := p.Reserve(n)
				reserved = len(a) + len(b)
				if reserved != min(n, room()) {
					t.Fatalf("Reserve(%d) = %d with room for %d", n, reserved, room())
				}
				vs := items(reserved)
				copy(b, vs[copy(a, vs):])
			case 5:
				n = min(n, reserved)
				p.Commit(n)
				model = append(model, items(n)...)
				next += n
				reserved -= n
			case 6:
				a, b := c.PeekSlice(n)
				check("PeekSlice", append(slices.Clone(a), b...), model[:min(n, len(model))])
			case 7:
				if k := c.Discard(n); k != min(n, len(model)) {
					t.Fatalf("Discard(%d) = %d with %d items", n, k, len(model))
				}
				model = model[min(n, len(model)):]
			case 8:
				v, ok := c.Peek()
				if ok != (len(model) > 0) || ok && *v != model[0] {
					t.Fatalf("Peek = %v, %v with %v", v, ok, model)
				}
			case 9:
				if n%4 == 0 {
					check("Drain", slices.Collect(c.Drain()), model)
				} else if k := c.Clear(); k != len(model) {
					t.Fatalf("Clear = %d with %d items", k, len(model))
				}
				model = nil
			}
			if p.Len() != len(model) || c.Len() != len(model) || p.Free() != room() {
				t.Fatalf("Len %d and %d, Free %d with %d items", p.Len(), c.Len(), p.Free(), len(model))
			}
		}
	})
}

// Pos counts what passed, and Reserved what Commit may take.
func TestCounts(t *testing.T) {
	p, c := ring.New[int](3)
	if p.PushSlice([]int{1, 2, 3, 4}); p.Pos() != 3 || c.Pos() != 0 {
		t.Fatalf("after 3 pushes: Pos %d, %d", p.Pos(), c.Pos())
	}
	if c.Discard(2); p.Pos() != 3 || c.Pos() != 2 {
		t.Fatalf("after 2 pops: Pos %d, %d", p.Pos(), c.Pos())
	}
	for i, step := range []struct {
		do   func()
		want int
	}{
		{func() {}, 0},
		{func() { p.Reserve(9) }, 2},
		{func() { p.Commit(1) }, 1},
		{func() { p.Push(5) }, 0},
		{func() { c.Discard(1); p.Push(6) }, 0},
	} {
		if step.do(); p.Reserved() != step.want {
			t.Fatalf("step %d: Reserved %d, want %d", i, p.Reserved(), step.want)
		}
	}
}

// What one end writes does not meet what the other end needs for a step, whatever
// the alignment of the pair, and the allocator aligns it.
func TestApart(t *testing.T) {
	if ring.Size%pad.Size != 0 || ring.Apart%pad.Size != 0 {
		t.Errorf("a pair has %d bytes, the second end is at %d; want multiples of %d", ring.Size, ring.Apart, pad.Size)
	}
	const word = unsafe.Sizeof(uintptr(0))
	if behind := ring.Apart - unsafe.Sizeof(pad.Index{}); behind < min(pad.Size, 64)-word {
		t.Errorf("there are %d bytes between Pos and the other end", behind)
	}
	for range 100 {
		p, _ := ring.New[int](1)
		// On 32-bit machines the allocator puts 8 bytes of its own before it.
		if at := uintptr(unsafe.Pointer(p)); at%pad.Size != 0 && strconv.IntSize == 64 {
			t.Fatalf("a pair is at %#x, not aligned to %d", at, pad.Size)
		}
	}
}
