package litesync

import (
	"math"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unsafe"

	"github.com/litesync/litesync/pad"
)

// expectEnv names the variable that makes the tests fail unless the backend it
// names is the one that runs.
const expectEnv = "LITESYNC_EXPECT_BACKEND"

func TestBackend(t *testing.T) {
	t.Logf("backend %s, features %v, %s/%s", Backend(), Features(), runtime.GOOS, runtime.GOARCH)
	if want := os.Getenv(expectEnv); want != "" && want != Backend() {
		t.Errorf("backend %s runs where %s is expected", Backend(), want)
	}
	for _, off := range strings.Split(os.Getenv(DisableEnv), ",") {
		if slices.Contains(Features(), off) {
			t.Errorf("feature %s is in use, but %s switches it off", off, DisableEnv)
		}
	}
	if !slices.Contains([]string{"amd64", "arm64", "generic", "model"}, Backend()) {
		t.Errorf("backend %q is not one that the contract names", Backend())
	}
}

func TestEnable(t *testing.T) {
	for _, tt := range []struct {
		off  string
		want []string
	}{
		{"", []string{"a", "b"}},
		{"a", []string{"b"}},
		{"b,a", nil},
		{"c, a", []string{"a", "b"}},
	} {
		var a, b bool
		got := enable([]feature{{"a", &a}, {"b", &b}}, tt.off)
		if !slices.Equal(got, tt.want) || a != slices.Contains(got, "a") || b != slices.Contains(got, "b") {
			t.Errorf("enable with %q off: %v, a %v, b %v; want %v", tt.off, got, a, b, tt.want)
		}
	}
}

// twinSlots is where the positions of TestAdvanceTwin are; it must not move,
// as a stack does.
var twinSlots [64][256]byte

// Advance and its portable twin do the same to the same state.
func TestAdvanceTwin(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range rounds(100_000) {
		n := 1 + r.IntN(len(twinSlots))
		size := []uintptr{0, 1, 8, 24, 64, 256}[r.IntN(6)]
		end := r.IntN(2)
		pos := uintptr(r.Uint64()) >> (r.IntN(2) * r.IntN(64))
		distance := uintptr(r.IntN(20 + r.IntN(100)))
		knows := r.IntN(2) == 0
		at := uintptr(r.IntN(n))
		few, streak := uint8(r.IntN(50)), int8(r.IntN(5)-2)
		reserved := r.Uint32()
		var a, b [2]pad.Index
		for _, ends := range []*[2]pad.Index{&a, &b} {
			Join(&ends[0], &ends[1], unsafe.Pointer(&twinSlots), size, n, n)
			x := &ends[end]
			x.Passed, x.Limit, x.Reserved = pos, pos, reserved
			x.Pos.Store(pos)
			if knows {
				x.Limit += distance
			}
			Other(x).Pos.Store(pos + distance - uintptr(x.Room))
			x.At = unsafe.Add(x.Base, at*size)
			x.Few, x.Streak = few, streak
		}
		before := state(&a[end])
		got, ok := Advance(&a[end])
		want, can := advance(&b[end])
		if got != want || ok != can || state(&a[end]) != state(&b[end]) || state(&a[1-end]) != state(&b[1-end]) {
			t.Fatalf("from %+v\nAdvance %v, %+v\nadvance %v, %+v", before, got, state(&a[end]), want, state(&b[end]))
		}
		if looked := !knows || distance == 0; ok && looked && a[end].Reserved != uint32(pos) {
			t.Fatalf("from %+v\na step behind the Limit leaves %+v", before, state(&a[end]))
		}
	}
}

// A look that finds nothing ends the step, in a dense stream too: the producer
// waits first, and not again when that was for nothing.
func TestAdvanceFindsNothing(t *testing.T) {
	for end, streak := range []int8{-unhelpful, 0} {
		var ends [2]pad.Index
		Join(&ends[0], &ends[1], unsafe.Pointer(&twinSlots), 8, 18, 16)
		ends[0].Passed, ends[1].Passed = 16, 16 // The ring is full for one end, empty for the other.
		ends[0].Pos.Store(16)
		ends[1].Limit = 16
		x := &ends[end]
		x.Streak = 1
		for range 2 {
			if _, ok := Advance(x); ok || x.Streak != streak || x.Passed != 16 {
				t.Errorf("end %d: %v, %+v", end, ok, state(x))
			}
		}
	}
}

// A prefetch changes nothing, wherever it begins and however far it goes: behind
// the storage, and to an address that is not mapped.
func TestPrefetch(t *testing.T) {
	var ends [2]pad.Index
	var slots [40][16]byte
	for i := range slots {
		slots[i][0] = byte(i)
	}
	Join(&ends[0], &ends[1], unsafe.Pointer(&slots), 16, 40, 38)
	x := &ends[0]
	for range 100 {
		before := state(x)
		for _, n := range []uintptr{0, 1, 4, 5, 38, math.MaxInt} {
			if Prefetch(x, n); state(x) != before {
				t.Fatalf("from %+v to %+v", before, state(x))
			}
		}
		AdvanceBy(x, 3)
		AdvanceBy(&ends[1], 3)
		Available(x, 38)
	}
	for i := range slots {
		if slots[i] != [16]byte{byte(i)} {
			t.Fatalf("slot %d is %v", i, slots[i])
		}
	}
	for _, from := range []uintptr{0, 4000, ^uintptr(0) - 200} {
		prefetch(from, 100)
	}
}

// Ends that show themselves a step ahead: one item more than fits, or room for one
// more, and the counts do not show it.
func TestShow(t *testing.T) {
	for capacity := 1; capacity < 5; capacity++ {
		var ends struct{ p, c pad.Index }
		p, c := &ends.p, &ends.c
		slots := make([]int, capacity+2)
		Join(p, c, unsafe.Pointer(unsafe.SliceData(slots)), unsafe.Sizeof(0), len(slots), capacity)
		counts := func(want int) {
			t.Helper()
			if n := Between(p, c); n != uintptr(want) || Blocked(c) != (want == 0) {
				t.Errorf("Between %d, Blocked %v, want %d items of %d", n, Blocked(c), want, capacity)
			}
		}
		next, want := 0, 0
		put := func() bool {
			next++
			*(*int)(p.At) = next
			slot, ok := Advance(p)
			if ok && slot != Last(p) {
				t.Errorf("Advance %p, Last %p", slot, Last(p))
			}
			return ok
		}
		take := func() {
			t.Helper()
			want++
			if slot, ok := Advance(c); !ok || *(*int)(slot) != want || slot != Last(c) {
				t.Errorf("took %v, Last %v, want %d", slot, Last(c), want)
			}
		}
		for range 3 * capacity {
			Show(c, 1)
			if !Blocked(c) {
				t.Error("there is something to take")
			}
			for range capacity + 1 {
				if !put() {
					t.Error("no room")
				}
			}
			counts(capacity)
			take()
			if put() {
				t.Error("too much room")
			}
			Show(p, 1)
			counts(capacity)
			take()
			if Available(p, 1) == 0 {
				t.Error("no room for what was shown")
			}
			AdvanceBy(p, 1)
			if counts(capacity); put() {
				t.Error("too much room")
			}
			Show(p, 1)
			Show(p, 0)
			next--
			for range capacity {
				take()
			}
			if _, ok := Advance(c); ok {
				t.Error("took what was shown no longer")
			}
			counts(0)
		}
	}
}

// state is what is compared of a pad.Index.
func state(x *pad.Index) any {
	type fields struct {
		passed, limit, at, stride, end, base, pos uintptr
		reserved, room, notice                    uint32
		few                                       uint8
		streak                                    int8
		other                                     int16
	}
	return fields{x.Passed, x.Limit, uintptr(x.At), x.Stride, x.End, uintptr(x.Base), x.Pos.Load(),
		x.Reserved, x.Room, x.Notice.Load(), x.Few, x.Streak, x.Other}
}

// A store writes its value and nothing beside it.
func TestStores(t *testing.T) {
	var a [3]Uint32
	var b [3]Uint64
	var c [3]Uintptr
	var d [3]Pointer[int]
	for i, v := range []uint64{0, 1, math.MaxUint32, math.MaxUint64, 0x0123456789abcdef, 1 << 63} {
		a[1].StoreRelease(uint32(v))
		b[1].StoreRelease(v)
		c[1].StoreRelease(uintptr(v))
		p := new(int)
		d[1].StoreRelease(p)
		if i%2 == 1 {
			a[1].StoreRelaxed(uint32(v))
			b[1].StoreRelaxed(v)
			c[1].StoreRelaxed(uintptr(v))
			d[1].StoreRelaxed(p)
		}
		if a[1].LoadAcquire() != uint32(v) || b[1].LoadRelaxed() != v || c[1].Load() != uintptr(v) || d[1].LoadAcquire() != p {
			t.Errorf("%#x: read %#x, %#x, %#x", v, a[1].Load(), b[1].Load(), c[1].Load())
		}
		for _, j := range []int{0, 2} {
			if a[j].Load() != 0 || b[j].Load() != 0 || c[j].Load() != 0 || d[j].Load() != nil {
				t.Errorf("a store of %#x wrote beside its target", v)
			}
		}
	}
}

func TestReadModifyWrite(t *testing.T) {
	var a Uint32
	var b Uint64
	var c Uintptr
	var p Pointer[int]
	x, y := new(int), new(int)
	a.Store(5)
	b.Store(5)
	c.Store(5)
	p.Store(x)
	for _, ok := range []bool{
		a.Swap(6) == 5, b.Swap(6) == 5, c.Swap(6) == 5, p.Swap(y) == x,
		!a.CompareAndSwap(5, 9), !b.CompareAndSwap(5, 9), !c.CompareAndSwap(5, 9), !p.CompareAndSwap(x, x),
		a.CompareAndSwap(6, 12), b.CompareAndSwap(6, 12), c.CompareAndSwap(6, 12), p.CompareAndSwap(y, x),
		a.Add(2) == 14, b.Add(2) == 14, c.Add(2) == 14, p.Load() == x,
		a.Or(1) == 14, b.Or(1) == 14, c.Or(1) == 14,
		a.And(3) == 15, b.And(3) == 15, c.And(3) == 15,
		a.Load() == 3, b.Load() == 3, c.Load() == 3,
	} {
		if !ok {
			t.Fatalf("wrong result; now %d, %d, %d, %p", a.Load(), b.Load(), c.Load(), p.Load())
		}
	}
}

// rounds scales a stress down under -short.
func rounds(n int) int {
	if testing.Short() {
		return n / 20
	}
	return n
}

// pair runs f(0) and f(1), n times each, in step: no round begins before both
// have ended the one before.
func pair(n int, f func(side, round int), after func(round int)) {
	var arrived [2]pad.Value[Uint64]
	var wg sync.WaitGroup
	for side := range 2 {
		wg.Go(func() {
			for i := range n {
				f(side, i)
				arrived[side].V.Store(uint64(2*i + 1))
				wait(&arrived[1-side].V, uint64(2*i+1))
				if side == 0 {
					after(i)
				}
				arrived[side].V.Store(uint64(2*i + 2))
				wait(&arrived[1-side].V, uint64(2*i+2))
			}
		})
	}
	wg.Wait()
}

func wait(x *Uint64, v uint64) {
	for i := 0; x.Load() < v; i++ {
		if Pause(); i%100 == 99 {
			runtime.Gosched()
		}
	}
}

// Store buffering: with a full fence between its store and its load, at least
// one side sees the other. Without it, one round in a thousand fails on amd64.
func TestStoreBuffering(t *testing.T) {
	var x [2]pad.Value[Uint64]
	var saw [2]uint64
	pair(rounds(50_000), func(side, _ int) {
		x[side].V.StoreRelaxed(1)
		FenceSeqCst()
		saw[side] = x[1-side].V.LoadRelaxed()
	}, func(round int) {
		if saw[0]+saw[1] == 0 {
			t.Errorf("round %d: neither side saw the other", round)
		}
		x[0].V.Store(0)
		x[1].V.Store(0)
	})
}

// Message passing, by a release store and by fences around relaxed accesses.
func TestMessagePassing(t *testing.T) {
	for name, access := range map[string]struct {
		publish func(flag *Uint64, v uint64)
		look    func(flag *Uint64) uint64
	}{
		"release and acquire": {(*Uint64).StoreRelease, (*Uint64).LoadAcquire},
		"fences": {
			func(flag *Uint64, v uint64) { FenceRelease(); flag.StoreRelaxed(v) },
			func(flag *Uint64) uint64 { v := flag.LoadRelaxed(); FenceAcquire(); return v },
		},
	} {
		t.Run(name, func(t *testing.T) {
			var data pad.Value[uint64] // Plain: the race detector has to see the order too.
			var flag pad.Value[Uint64]
			seen := 0
			pair(rounds(50_000), func(side, round int) {
				v := uint64(round + 1)
				if side == 0 {
					data.V = v
					access.publish(&flag.V, v)
					return
				}
				for range 100 {
					if access.look(&flag.V) == v {
						if seen++; data.V != v {
							t.Errorf("saw flag %d with data %d", v, data.V)
						}
						break
					}
				}
			}, func(int) {})
			t.Logf("saw %d messages", seen)
		})
	}
}

// Both counters run at the rate they claim, within the error of a clock read on
// a busy machine.
func TestTicks(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	hz := TicksPerSecond()
	if !(hz >= 1e5 && hz <= 1e11) {
		t.Fatalf("TicksPerSecond = %v", hz)
	}
	if again := TicksPerSecond(); again != hz {
		t.Errorf("TicksPerSecond = %v, then %v", hz, again)
	}
	for name, read := range map[string]func() uint64{"Ticks": Ticks, "TicksOrdered": TicksOrdered} {
		best := math.Inf(1) // A descheduled thread spoils single tries.
		for range 20 {
			start, from := time.Now(), read()
			last := from
			for time.Since(start) < time.Millisecond {
				now := read()
				if name == "TicksOrdered" && now < last {
					t.Fatalf("%s went back from %d to %d", name, last, now)
				}
				last = now
			}
			took := time.Since(start).Seconds()
			best = min(best, math.Abs(float64(read()-from)/hz/took-1))
		}
		if best > 0.1 {
			t.Errorf("%s runs %.0f %% off TicksPerSecond", name, best*100)
		}
	}
}

func BenchmarkBackend(b *testing.B) {
	var x Uint64
	for _, bm := range []struct {
		name string
		f    func()
	}{
		{"StoreRelease", func() { x.StoreRelease(1) }},
		{"Store", func() { x.Store(1) }},
		{"FenceSeqCst", FenceSeqCst},
		{"FenceRelease", FenceRelease},
		{"Pause", Pause},
		{"Ticks", func() { Ticks() }},
		{"TicksOrdered", func() { TicksOrdered() }},
	} {
		b.Run(bm.name, func(b *testing.B) {
			for b.Loop() {
				bm.f()
			}
		})
	}
}
