package ring_test

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/litesync/litesync/lockfree/ring"
)

var sink uint64

// One goroutine at both ends.
func BenchmarkUncontended(b *testing.B) {
	b.Run("Ring", func(b *testing.B) {
		p, c := ring.New[uint64](1024)
		for i := range uint64(b.N) {
			p.Push(i)
			sink, _ = c.Pop()
		}
	})
	b.Run("Chan", func(b *testing.B) {
		c := make(chan uint64, 1024)
		for i := range uint64(b.N) {
			c <- i
			sink = <-c
		}
	})
}

func BenchmarkNew(b *testing.B) {
	for _, capacity := range []int{1, 64, 1024} {
		b.Run(fmt.Sprintf("Ring/%d", capacity), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				ring.New[uint64](capacity)
			}
		})
		b.Run(fmt.Sprintf("Chan/%d", capacity), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_ = make(chan uint64, capacity)
			}
		})
	}
}

// Two goroutines, each spinning for its next item or slot. bench/ is the place
// for numbers to believe: it pins threads and measures how far apart they are.
func BenchmarkStream(b *testing.B) {
	spin := func(i *int) {
		if *i++; *i%1024 == 0 {
			runtime.Gosched()
		}
	}
	b.Run("Ring", func(b *testing.B) {
		p, c := ring.New[uint64](1024)
		go func() {
			for i, n := 0, uint64(0); n < uint64(b.N); {
				if p.Push(n) {
					n++
				} else {
					spin(&i)
				}
			}
		}()
		for i, n := 0, 0; n < b.N; {
			if v, ok := c.Pop(); ok {
				sink = v
				n++
			} else {
				spin(&i)
			}
		}
	})
	b.Run("Slices", func(b *testing.B) {
		p, c := ring.New[uint64](1024)
		go func() {
			var buf [64]uint64
			for i, n := 0, 0; n < b.N; {
				k := p.PushSlice(buf[:min(len(buf), b.N-n)])
				if n += k; k == 0 {
					spin(&i)
				}
			}
		}()
		var buf [64]uint64
		for i, n := 0, 0; n < b.N; {
			k := c.PopSlice(buf[:])
			if n += k; k == 0 {
				spin(&i)
			}
		}
	})
	b.Run("Chan", func(b *testing.B) {
		c := make(chan uint64, 1024)
		go func() {
			for n := range uint64(b.N) {
				c <- n
			}
		}()
		for range b.N {
			sink = <-c
		}
	})
}
