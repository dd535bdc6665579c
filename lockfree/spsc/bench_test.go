//go:build !model

package spsc_test

import (
	"runtime"
	"strconv"
	"testing"

	"github.com/litesync/litesync/lockfree/ring"
	"github.com/litesync/litesync/lockfree/spsc"
)

var sink uint64

// channel is what the benchmarks need of a channel of uint64.
type channel struct {
	send func(v uint64)
	recv func() uint64
}

func goChan(capacity int) channel {
	c := make(chan uint64, capacity)
	return channel{func(v uint64) { c <- v }, func() uint64 { return <-c }}
}

func rawRing(capacity int) channel {
	p, c := ring.New[uint64](capacity)
	return channel{func(v uint64) {
		for i := 1; !p.Push(v); i++ {
			if i%1024 == 0 {
				runtime.Gosched()
			}
		}
	}, func() uint64 {
		for i := 1; ; i++ {
			if v, ok := c.Pop(); ok {
				return v
			}
			if i%1024 == 0 {
				runtime.Gosched()
			}
		}
	}}
}

func channelOf(strategy spsc.Strategy) func(int) channel {
	return func(capacity int) channel {
		s, r := spsc.New[uint64](capacity, spsc.WithStrategy(strategy))
		return channel{func(v uint64) { s.Send(v) }, func() uint64 { v, _ := r.Recv(); return v }}
	}
}

var contenders = []struct {
	name string
	make func(capacity int) channel
}{
	{"Chan", goChan},
	{"Ring", rawRing},
	{"Park", channelOf(spsc.Park)},
	{"Yield", channelOf(spsc.Yield)},
	{"Spin", channelOf(spsc.Spin)},
}

// One value at a time from one goroutine to another.
func BenchmarkStream(b *testing.B) {
	for _, capacity := range []int{1, 2, 1024} {
		for _, c := range contenders {
			b.Run(c.name+"/"+strconv.Itoa(capacity), func(b *testing.B) {
				ch := c.make(capacity)
				go func() {
					for i := range b.N {
						ch.send(uint64(i))
					}
				}()
				for range b.N {
					sink = ch.recv()
				}
			})
		}
	}
}

// Slices of 64, capacity 1024, ns per value.
func BenchmarkSlices(b *testing.B) {
	b.Run("Chan", func(b *testing.B) {
		c := make(chan uint64, 1024)
		go func() {
			for i := range b.N {
				c <- uint64(i)
			}
		}()
		for range b.N {
			sink = <-c
		}
	})
	for _, c := range contenders[2:] {
		b.Run(c.name, func(b *testing.B) {
			strategy := map[string]spsc.Strategy{"Park": spsc.Park, "Yield": spsc.Yield, "Spin": spsc.Spin}[c.name]
			s, r := spsc.New[uint64](1024, spsc.WithStrategy(strategy))
			go func() {
				var buf [64]uint64
				for n := 0; n < b.N; {
					k, _ := s.SendSlice(buf[:min(64, b.N-n)])
					n += k
				}
			}()
			var buf [64]uint64
			for n := 0; n < b.N; {
				k, _ := r.RecvSlice(buf[:])
				n += k
			}
		})
	}
}

// A value there and one back, per round.
func BenchmarkPingPong(b *testing.B) {
	for _, locked := range []bool{false, true} {
		for _, c := range contenders {
			name := c.name
			if locked {
				name += "/locked"
			}
			b.Run(name, func(b *testing.B) {
				there, back := c.make(1), c.make(1)
				go func() {
					if locked {
						runtime.LockOSThread()
						defer runtime.UnlockOSThread()
					}
					for range b.N {
						back.send(there.recv())
					}
				}()
				if locked {
					runtime.LockOSThread()
					defer runtime.UnlockOSThread()
				}
				for i := range b.N {
					there.send(uint64(i))
					sink = back.recv()
				}
			})
		}
	}
}

// One goroutine at both ends.
func BenchmarkUncontended(b *testing.B) {
	for _, c := range contenders {
		b.Run(c.name, func(b *testing.B) {
			ch := c.make(16)
			for i := range b.N {
				ch.send(uint64(i))
				sink = ch.recv()
			}
		})
	}
}

// Making and closing a channel; B/op is what it holds.
func BenchmarkNewClose(b *testing.B) {
	for _, capacity := range []int{1, 16, 64, 1024} {
		b.Run("Chan/"+strconv.Itoa(capacity), func(b *testing.B) {
			b.ReportAllocs()
			for range b.N {
				c := make(chan uint64, capacity)
				close(c)
			}
		})
		b.Run("Park/"+strconv.Itoa(capacity), func(b *testing.B) {
			b.ReportAllocs()
			for range b.N {
				s, _ := spsc.New[uint64](capacity)
				s.Close()
			}
		})
	}
}
