package main

import (
	"fmt"
	"testing"
)

// The peers in the form that benchstat reads. The goroutines are not pinned;
// the program is what pins, interleaves and measures the distance.

func BenchmarkRing(b *testing.B) {
	vals := uints()
	for _, c := range queues[uint64]() {
		b.Run("stream/"+c.Name, func(b *testing.B) {
			q := c.New(capacity)
			n := (b.N + values - 1) / values * values
			go q.Send(vals, n)
			q.Recv(n)
		})
	}
	for _, c := range echoes[uint64]() {
		b.Run("ping-pong/"+c.Name, func(b *testing.B) {
			q := c.New(capacity)
			go q.Pong(b.N)
			q.Ping(1, b.N)
		})
	}
	for _, c := range loners[uint64]() {
		b.Run("alone/"+c.Name, func(b *testing.B) {
			b.ReportAllocs()
			q := c.New(capacity)
			b.ResetTimer()
			q.Both(vals, (b.N+values-1)/values*values)
		})
	}
	for n := 1; n <= 1<<20; n *= 16 {
		for _, c := range queues[uint64]() {
			b.Run(fmt.Sprintf("capacity=%d/%s", n, c.Name), func(b *testing.B) {
				q := c.New(n)
				b.ResetTimer()
				k := (b.N + values - 1) / values * values
				go q.Send(vals, k)
				q.Recv(k)
			})
		}
	}
}
