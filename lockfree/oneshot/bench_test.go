//go:build !model

package oneshot_test

import (
	"context"
	"runtime"
	"testing"

	"github.com/litesync/litesync"
	"github.com/litesync/litesync/lockfree/oneshot"
	"github.com/litesync/litesync/lockfree/oneshot/lite"
	"github.com/litesync/litesync/pad"
)

// BenchmarkLocal creates, sends and receives on one goroutine. A context that
// is cancelled is what Go programs use as a one-byte signal.
func BenchmarkLocal(b *testing.B) {
	b.ReportAllocs()
	b.Run("chan", func(b *testing.B) {
		for b.Loop() {
			c := make(chan uint64, 1)
			c <- 1
			<-c
		}
	})
	b.Run("New", func(b *testing.B) {
		for b.Loop() {
			s, r := oneshot.New[uint64]()
			sink = s // It is on the heap, like a chan.
			s.Send(1)
			r.TryRecv()
		}
	})
	b.Run("embedded", func(b *testing.B) {
		var c oneshot.Chan[uint64]
		s, r := c.Split()
		for b.Loop() {
			c.Reset()
			s.Send(1)
			r.TryRecv()
		}
	})
	b.Run("embedded/Recv", func(b *testing.B) {
		var c oneshot.Chan[uint64]
		s, r := c.Split()
		for b.Loop() {
			c.Reset()
			s.Send(1)
			r.Recv()
		}
	})
	b.Run("context", func(b *testing.B) {
		for b.Loop() {
			ctx, cancel := context.WithCancel(context.Background())
			cancel()
			<-ctx.Done()
		}
	})
	b.Run("lite/New", func(b *testing.B) {
		for b.Loop() {
			s, r := lite.New[bool]()
			sink = s
			s.Send(true)
			r.TryRecv()
		}
	})
	b.Run("lite/embedded", func(b *testing.B) {
		var c lite.Chan[bool]
		s, r := c.Split()
		for b.Loop() {
			c.Reset()
			s.Send(true)
			r.TryRecv()
		}
	})
}

// BenchmarkSize tells what a channel takes, in B/op.
func BenchmarkSize(b *testing.B) {
	benchSize[struct{}](b, "struct{}")
	benchSize[uint64](b, "uint64")
	benchSize[*int](b, "pointer")
	b.Run("struct{}/lite", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			sink, _ = lite.New[struct{}]()
		}
	})
}

func benchSize[T any](b *testing.B, of string) {
	b.Run(of+"/chan", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			sink = make(chan T, 1)
		}
	})
	b.Run(of+"/oneshot", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			sink, _ = oneshot.New[T]()
		}
	})
}

var sink any

// A call is a request and its reply.
type call[C any] struct{ req, rep C }

// calls are used in turn; the one half a turn away is made anew.
const calls = 64

// BenchmarkCall sends a request to a goroutine that waits for it, and waits for
// its reply; each goes through a channel of its own. One that is used again is
// there to compare with.
func BenchmarkCall(b *testing.B) {
	for _, again := range []bool{false, true} {
		name := "chan"
		if again {
			name = "chan again"
		}
		b.Run(name, func(b *testing.B) {
			var cs [calls]call[chan uint64]
			fresh := func() call[chan uint64] { return call[chan uint64]{make(chan uint64, 1), make(chan uint64, 1)} }
			for i := range cs {
				cs[i] = fresh()
			}
			go func() {
				for i := range b.N {
					c := &cs[i%calls]
					c.rep <- <-c.req
				}
			}()
			for i := range b.N {
				c := &cs[i%calls]
				c.req <- 1
				<-c.rep
				if !again {
					cs[(i+calls/2)%calls] = fresh()
				}
			}
		})
	}
	benchCall(b, "Recv", (*oneshot.Receiver[uint64]).Recv)
}

// BenchmarkSpin is BenchmarkCall with both sides looking all the time, beside
// the same over two cache lines and nothing else.
func BenchmarkSpin(b *testing.B) {
	if runtime.GOMAXPROCS(0) < 2 {
		b.Skip("needs two cores")
	}
	b.Run("raw", func(b *testing.B) {
		var req, rep pad.Value[litesync.Uint64]
		go func() {
			for i := range uint64(b.N) {
				for req.V.LoadAcquire() != i+1 {
					litesync.Pause()
				}
				rep.V.StoreRelease(i + 1)
			}
		}()
		for i := range uint64(b.N) {
			req.V.StoreRelease(i + 1)
			for rep.V.LoadAcquire() != i+1 {
				litesync.Pause()
			}
		}
	})
	benchCall(b, "TryRecv", func(r *oneshot.Receiver[uint64]) (uint64, error) {
		for {
			v, err := r.TryRecv()
			if err != oneshot.ErrEmpty {
				return v, err
			}
			litesync.Pause()
		}
	})
}

func benchCall(b *testing.B, name string, recv func(*oneshot.Receiver[uint64]) (uint64, error)) {
	b.Run(name, func(b *testing.B) {
		var cs [calls]call[pad.Value[oneshot.Chan[uint64]]]
		go func() {
			for i := range b.N {
				c := &cs[i%calls]
				_, r := c.req.V.Split()
				s, _ := c.rep.V.Split()
				v, _ := recv(r)
				s.Send(v)
			}
		}()
		for i := range b.N {
			c := &cs[i%calls]
			s, _ := c.req.V.Split()
			_, r := c.rep.V.Split()
			s.Send(1)
			recv(r)
			c = &cs[(i+calls/2)%calls]
			c.req.V.Reset()
			c.rep.V.Reset()
		}
	})
}
