package ring_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"

	"github.com/litesync/litesync/internal/trial"
	"github.com/litesync/litesync/lockfree/ring"
)

// rounds is how many items a stress moves.
func rounds(n int) int {
	if testing.Short() {
		return n / 20
	}
	return n
}

// stress moves n items in random batches through every kind of operation, and
// checks that they arrive whole and in order. The positions wrap around on the
// way.
func stress[T any](t *testing.T, name string, capacity, n int, item func(i int) T, index func(T) int) {
	t.Run(fmt.Sprintf("%s/%d", name, capacity), func(t *testing.T) {
		p, c := ring.NewAt[T](capacity, -uintptr(n/2))
		stop := make(chan struct{})
		var wg sync.WaitGroup
		wg.Go(func() {
			r := rand.New(rand.NewPCG(1, 2))
			for i := 0; i < n; {
				k := min(1+r.IntN(2*capacity), n-i)
				moved := 0
				switch r.IntN(3) {
				case 0:
					if p.Push(item(i)) {
						moved = 1
					}
				case 1:
					vs := make([]T, k)
					for j := range vs {
						vs[j] = item(i + j)
					}
					moved = p.PushSlice(vs)
				case 2:
					a, b := p.Reserve(k)
					for j := range a {
						a[j] = item(i + j)
					}
					for j := range b {
						b[j] = item(i + len(a) + j)
					}
					moved = r.IntN(len(a) + len(b) + 1)
					p.Commit(moved)
				}
				if i += moved; moved == 0 {
					runtime.Gosched()
				}
			}
		})
		wg.Go(func() {
			r := rand.New(rand.NewPCG(3, 4))
			dst := make([]T, 2*capacity)
			i := 0
			check := func(vs ...T) {
				for _, v := range vs {
					if index(v) != i {
						t.Errorf("item %d where %d was due", index(v), i)
						i = n
						return
					}
					i++
				}
			}
			for i < n {
				before := i
				switch r.IntN(4) {
				case 0:
					if v, ok := c.Pop(); ok {
						check(v)
					}
				case 1:
					check(dst[:c.PopSlice(dst[:r.IntN(len(dst))+1])]...)
				case 2:
					a, b := c.PeekSlice(1 + r.IntN(capacity))
					check(a...)
					check(b...)
					c.Discard(len(a) + len(b))
				case 3:
					if v, ok := c.Peek(); ok {
						check(*v)
						c.Discard(1)
					}
				}
				if i == before {
					runtime.Gosched()
				}
			}
		})
		go func() { // Len is open to everybody.
			for {
				select {
				case <-stop:
					return
				default:
				}
				if l, f := c.Len(), p.Free(); l < 0 || l > capacity || f < 0 || f > capacity {
					t.Errorf("Len %d, Free %d", l, f)
					return
				}
				runtime.Gosched()
			}
		}()
		trial.Within(t, wg.Wait)
		close(stop)
	})
}

func TestStress(t *testing.T) {
	for _, capacity := range []int{1, 2, 3, 64, 1000} {
		n := rounds(400_000)
		stress(t, "uint64", capacity, n, func(i int) uint64 { return uint64(i) }, func(v uint64) int { return int(v) })
		stress(t, "large", capacity, n/4,
			func(i int) large { return large{uint64(i), [7]uint64{uint64(i), 6: uint64(i)}} },
			func(v large) int {
				if v.pad[0] != v.id || v.pad[6] != v.id {
					return -1
				}
				return int(v.id)
			})
		stress(t, "pointer", capacity, n/4, func(i int) *int { return &i }, func(v *int) int { return *v })
		stress(t, "string", capacity, n/20, func(i int) string { return fmt.Sprint(i) },
			func(v string) (i int) { fmt.Sscan(v, &i); return i })
	}
}

// The collector runs all the time while pointers are in flight.
func TestStressGC(t *testing.T) {
	stop := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				runtime.GC()
			}
		}
	})
	type node struct {
		i    int
		next *node
	}
	stress(t, "node", 16, rounds(40_000),
		func(i int) *node { return &node{i, &node{i: i}} },
		func(v *node) int {
			if v.next.i != v.i {
				return -1
			}
			return v.i
		})
	close(stop)
	wg.Wait()
}

func TestSingleProc(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	stress(t, "uint64", 8, rounds(40_000), func(i int) uint64 { return uint64(i) }, func(v uint64) int { return int(v) })
}

// Ends may be handed over.
func TestHandOff(t *testing.T) {
	p, c := ring.New[int](4)
	trial.Within(t, func() {
		for i := range 1000 {
			done := make(chan struct{})
			go func() { defer close(done); p.Push(i) }()
			<-done
			got := make(chan int)
			go func() { v, _ := c.Pop(); got <- v }()
			if v := <-got; v != i {
				t.Errorf("got %d, want %d", v, i)
			}
		}
	})
}
