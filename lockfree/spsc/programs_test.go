//go:build !model

package spsc_test

import (
	"bytes"
	"context"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/litesync/litesync/lockfree/spsc"
)

// Programs as they are written for Go channels, where each channel has one
// sender and one receiver.

// each runs f with every strategy, with one processor and with all.
func each(t *testing.T, f func(t *testing.T, o spsc.Option)) {
	for _, procs := range []int{1, runtime.NumCPU()} {
		for name, s := range strategies {
			t.Run(name+[]string{"", "/one processor"}[min(1, max(0, 2-procs))], func(t *testing.T) {
				defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
				f(t, spsc.WithStrategy(s))
			})
		}
	}
}

// The prime sieve: a chain of goroutines, one per prime, each of which passes on
// what its prime does not divide. The last one closes the chain from its end.
func TestPrimeSieve(t *testing.T) {
	each(t, func(t *testing.T, o spsc.Option) {
		var primes []int
		var wg sync.WaitGroup
		sieve := func() {
			s, r := spsc.New[int](1, o)
			wg.Go(func() {
				for i := 2; s.Send(i) == nil; i++ {
				}
			})
			for range 20 {
				prime, _ := r.Recv()
				primes = append(primes, prime)
				from := r
				var to *spsc.Sender[int]
				to, r = spsc.New[int](1, o)
				wg.Go(func() {
					defer from.Close()
					for v := range from.All() {
						if v%prime != 0 && to.Send(v) != nil {
							return
						}
					}
				})
			}
			r.Close()
			wg.Wait()
		}
		run(t, sieve)
		want := []int{2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71}
		if !slices.Equal(primes, want) {
			t.Errorf("%v", primes)
		}
	})
}

// A pipeline whose stages stop when the context is done, whatever they wait
// for.
func TestPipeline(t *testing.T) {
	each(t, func(t *testing.T, o spsc.Option) {
		ctx, cancel := context.WithCancelCause(context.Background())
		s1, r1 := spsc.New[int](8, o)
		s2, r2 := spsc.New[int](8, o)
		sum, errs := 0, make([]error, 2)
		run(t, func() {
			defer s1.Close()
			for i := 0; ; i++ {
				if errs[0] = s1.SendContext(ctx, i); errs[0] != nil {
					return
				}
			}
		}, func() {
			defer s2.Close()
			for {
				v, err := r1.RecvContext(ctx)
				if err == nil {
					err = s2.SendContext(ctx, v*v)
				}
				if errs[1] = err; err != nil {
					return
				}
			}
		}, func() {
			for range 1000 {
				v, _ := r2.Recv()
				sum += v
			}
			cancel(errCause)
		})
		if sum != 999*1000*1999/6 || errs[0] != errCause || errs[1] != errCause && errs[1] != spsc.ErrClosed {
			t.Errorf("sum %d, %v", sum, errs)
		}
	})
}

// Merge sort, each half sorted by a goroutine of its own and sent back value by
// value.
func TestMergeSort(t *testing.T) {
	var sort func(vs []int, o spsc.Option) *spsc.Receiver[int]
	sort = func(vs []int, o spsc.Option) *spsc.Receiver[int] {
		s, r := spsc.New[int](4, o)
		go func() {
			defer s.Close()
			if len(vs) <= 1 {
				s.SendSlice(vs)
				return
			}
			a, b := sort(vs[:len(vs)/2], o), sort(vs[len(vs)/2:], o)
			v, okA := a.Recv()
			w, okB := b.Recv()
			for okA || okB {
				if okA && (!okB || v <= w) {
					s.Send(v)
					v, okA = a.Recv()
				} else {
					s.Send(w)
					w, okB = b.Recv()
				}
			}
		}()
		return r
	}
	each(t, func(t *testing.T, o spsc.Option) {
		rnd := rand.New(rand.NewPCG(1, 2))
		vs := make([]int, 100)
		for i := range vs {
			vs[i] = rnd.IntN(50)
		}
		var got []int
		run(t, func() { got = slices.Collect(sort(vs, o).All()) })
		slices.Sort(vs)
		if !slices.Equal(got, vs) {
			t.Errorf("%v", got)
		}
	})
}

// Every value there and back, also by goroutines that are locked to their
// threads, one of the two or both.
func TestPingPong(t *testing.T) {
	each(t, func(t *testing.T, o spsc.Option) {
		for locked := range 4 {
			n := rounds(20_000)
			if locked > 0 {
				n /= 40
			}
			lock := func(who int) (unlock func()) {
				if locked&who == 0 {
					return func() {}
				}
				runtime.LockOSThread()
				return runtime.UnlockOSThread
			}
			s1, r1 := spsc.New[int](1, o)
			s2, r2 := spsc.New[int](1, o)
			run(t, func() {
				defer lock(1)()
				for i := range n {
					s1.Send(i)
					if v, ok := r2.Recv(); v != i || !ok {
						t.Errorf("%d: got %d, %v", i, v, ok)
						break
					}
				}
				s1.Close()
			}, func() {
				defer lock(2)()
				for v := range r1.All() {
					s2.Send(v)
				}
			})
		}
	})
}

// A long stream, with sleeps at both ends from time to time, and one end handed
// over to another goroutine in the middle.
func TestStream(t *testing.T) {
	each(t, func(t *testing.T, o spsc.Option) {
		for _, capacity := range []int{1, 2, 3, 1000} {
			n := rounds(40_000)
			s, r := spsc.New[int](capacity, o)
			handed := make(chan int)
			send := func(from, to int) {
				for i := from; i < to; i++ {
					if i%9_000 == 0 {
						time.Sleep(time.Millisecond)
					}
					s.Send(i)
				}
			}
			run(t, func() {
				send(0, n/2)
				handed <- n / 2
			}, func() {
				send(<-handed, n)
				s.Close()
			}, func() {
				i := 0
				for v := range r.All() {
					if v != i {
						t.Errorf("%d, want %d", v, i)
						break
					}
					if i++; i%7_000 == 0 {
						time.Sleep(time.Millisecond)
					}
				}
				if i != n {
					t.Errorf("%d values of %d", i, n)
				}
			})
		}
	})
}

// Values with pointers survive the collector while they are in the channel.
func TestGC(t *testing.T) {
	s, r := spsc.New[*[]int](16)
	stop := make(chan struct{})
	run(t, func() {
		for i := range rounds(20_000) {
			s.Send(&[]int{i})
		}
		s.Close()
	}, func() {
		defer close(stop)
		i := 0
		for v := range r.All() {
			if (*v)[0] != i {
				t.Errorf("%d, want %d", (*v)[0], i)
				break
			}
			i++
		}
	}, func() {
		for {
			select {
			case <-stop:
				return
			default:
				runtime.GC()
			}
		}
	})
}

// On one P an end that waits lets others run in the middle of its Recv: it can be
// seen there, in a dump and by the collector, and its stack can grow there.
func TestSeenWhilePassing(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	there, in := spsc.New[*int](4)
	back, out := spsc.New[*int](4)
	done, seen := make(chan struct{}), 0
	var deep func(frames int) *int
	deep = func(frames int) *int {
		if frames > 0 {
			return deep(frames - 1)
		}
		v, _ := in.Recv()
		return v
	}
	run(t, func() {
		defer there.Close()
		for i := 0; ; i++ {
			select {
			case <-done:
				return
			default:
			}
			there.Send(&i)
			if v, ok := out.Recv(); !ok || *v != i {
				t.Errorf("%d, %v, want %d", *v, ok, i)
				return
			}
		}
	}, func() {
		for i := 0; ; i++ {
			v := deep(i % 100)
			if v == nil {
				return
			}
			back.Send(v)
		}
	}, func() {
		defer close(done)
		dump := make([]byte, 1<<16)
		for i := range rounds(400) {
			if i%8 == 0 {
				runtime.GC()
			}
			n := runtime.Stack(dump, true)
			seen += bytes.Count(dump[:n], []byte("Receiver[...]).Recv("))
			runtime.Gosched()
		}
	})
	if seen == 0 {
		t.Error("nobody was seen in Recv")
	}
}
