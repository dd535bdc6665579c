//go:build !model

package channel

import (
	"math/rand/v2"
	"testing"
	"unsafe"

	"github.com/litesync/litesync"
	"github.com/litesync/litesync/pad"
)

// small is a channel of words.
type small struct {
	Core
	slots [40 + 2]uint64
}

func (c *small) ends(capacity int) (*Sender, *Receiver) {
	litesync.Join(&c.P, &c.C, unsafe.Pointer(&c.slots), unsafe.Sizeof(c.slots[0]), capacity+2, capacity)
	return (*Sender)(unsafe.Pointer(&c.Core)), (*Receiver)(unsafe.Pointer(&c.Core))
}

// state is what is compared of an end, addresses from the channel on.
func (c *small) state() any {
	type end struct {
		passed, limit, at, last, pos, published uintptr
		reserved, notice                        uint32
		streak                                  int8
	}
	of := func(x *pad.Index) end {
		base := uintptr(unsafe.Pointer(c))
		return end{x.Passed, x.Limit, uintptr(x.At) - base, uintptr(litesync.Last(x)) - base, x.Pos.Load(),
			litesync.Published(x), x.Reserved, x.Notice.Load(), x.Streak}
	}
	return [...]any{of(&c.P), of(&c.C), c.slots, c.items.since, c.room.since, c.cut.Load()}
}

// The steps do what send and recv do, step by step.
func TestStepTwin(t *testing.T) {
	defer heavy.Store(heavy.Load())
	for _, capacity := range []int{1, 2, 5, 40} {
		for _, calmAfter := range []uint32{leastCalmAfter, MostCalmAfter} {
			var a, b small
			sa, ra := a.ends(capacity)
			sb, rb := b.ends(capacity)
			v := uint64(0)
			for i := range 5_000 {
				heavy.Store(calmAfter)
				n := a.Len()
				switch {
				case i == 4_000:
					ra.Close()
					rb.Close()
				case n < capacity && rand.IntN(10) < 2+i/50%2*6 || n == 0 && i < 4_000:
					v++
					*(*uint64)(a.P.At), *(*uint64)(b.P.At) = v, v
					if ea, eb := SendStep(sa), send(sb); ea != eb {
						t.Fatalf("step %d: SendStep %v, send %v", i, ea, eb)
					}
				default:
					pa, pb := (*uint64)(RecvStep(ra)), (*uint64)(recv(rb))
					if (pa == nil) != (pb == nil) || pa != nil && *pa != *pb {
						t.Fatalf("step %d: RecvStep %v, recv %v", i, pa, pb)
					}
					if pa != nil {
						*pa, *pb = 0, 0
					}
				}
				if x, y := a.state(), b.state(); x != y {
					t.Fatalf("capacity %d, step %d:\n%v, but without assembly\n%v", capacity, i, x, y)
				}
			}
		}
	}
}
