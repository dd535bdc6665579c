//go:build !model

package spsc_test

import (
	"context"
	"testing"

	"github.com/litesync/litesync/lockfree/spsc"
	"github.com/litesync/litesync/lockfree/waker"
)

func TestAllocs(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	check := func(what string, want float64, f func()) {
		t.Helper()
		if got := testing.AllocsPerRun(100, f); got > want {
			t.Errorf("%s: %v allocations, want %v", what, got, want)
		}
	}
	check("New", 2, func() { spsc.New[[]byte](16, spsc.WithStrategy(spsc.Yield)) })
	for capacity := range 20 {
		want := 2.0
		if spsc.InOne[uint64](capacity + 1) {
			want = 1
		}
		check("New", want, func() { spsc.New[uint64](capacity + 1) })
	}
	var in spsc.Inline[int, [8]int]
	check("Split", 0, func() { in.Split(spsc.WithStrategy(spsc.Spin)) })

	for name, strategy := range strategies {
		s, r := spsc.New[int](4, spsc.WithStrategy(strategy))
		ctx := context.Background()
		vs := make([]int, 4)
		var w waker.Waker = new(flag)
		check(name+" without waiting", 0, func() {
			s.Send(1)
			s.SendContext(ctx, 2)
			s.TrySend(3)
			s.TrySend(4)
			s.TrySend(5)
			s.Poll(w)
			r.Recv()
			r.RecvContext(ctx)
			r.TryRecv()
			r.TryRecv()
			r.TryRecv()
			r.Poll(w)
			s.SendSlice(vs)
			r.RecvFull(vs)
			s.TrySendSlice(vs)
			r.TryRecvSlice(vs)
			s.Reserve(3)
			s.Commit(3)
			r.PeekSlice(2)
			r.Peek()
			r.Discard(1)
			for range r.Drain() {
			}
			r.Clear()
		})

		s2, r2 := spsc.New[int](1, spsc.WithStrategy(strategy))
		s, r = spsc.New[int](1, spsc.WithStrategy(strategy))
		run(t, func() {
			for v := range r.All() {
				vs[0], vs[1] = v, v
				s2.SendSlice(vs[:2])
			}
			s2.Close()
		}, func() {
			defer s.Close()
			dst := make([]int, 2)
			for range 200 {
				s.Send(1)
				r2.RecvFull(dst)
			}
			check(name+" with waiting", 0, func() {
				s.Send(1)
				r2.RecvFull(dst)
			})
		})
	}
}
