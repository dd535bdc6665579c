package main

import (
	"github.com/Workiva/go-datastructures/queue"

	"github.com/litesync/litesync/lockfree/spsc"
)

// spscs is our blocking channel, one item at a time.
type spscs[T any] struct {
	s, backS *spsc.Sender[T]
	r, backR *spsc.Receiver[T]
}

func newSpscs[T any](capacity int, s spsc.Strategy) *spscs[T] {
	var q spscs[T]
	q.s, q.r = spsc.New[T](capacity, spsc.WithStrategy(s))
	q.backS, q.backR = spsc.New[T](capacity, spsc.WithStrategy(s))
	return &q
}

func (q *spscs[T]) Send(vals *[values]T, n int) {
	s := q.s
	for i := range n {
		s.Send(vals[i%values])
	}
}

func (q *spscs[T]) Recv(n int) (last T) {
	r := q.r
	for range n {
		last, _ = r.Recv()
	}
	return last
}

func (q *spscs[T]) Ping(v T, n int) {
	s, r := q.s, q.backR
	for range n {
		s.Send(v)
		r.Recv()
	}
}

func (q *spscs[T]) Pong(n int) {
	s, r := q.backS, q.r
	for range n {
		v, _ := r.Recv()
		s.Send(v)
	}
}

// spscSlices is our blocking channel with SendSlice and RecvSlice.
type spscSlices[T any] struct {
	spscs[T]
	batch int
}

func newSpscSlices[T any](capacity, batch int, s spsc.Strategy) *spscSlices[T] {
	return &spscSlices[T]{*newSpscs[T](capacity, s), batch}
}

func (q *spscSlices[T]) Send(vals *[values]T, n int) {
	s := q.s
	for i := 0; i < n; i += q.batch {
		at := i % values
		s.SendSlice(vals[at : at+q.batch])
	}
}

func (q *spscSlices[T]) Recv(n int) (last T) {
	r := q.r
	buf := make([]T, q.batch)
	for i := 0; i < n; {
		k, _ := r.RecvSlice(buf)
		for _, v := range buf[:k] {
			last = v
		}
		i += k
	}
	return last
}

// blockingChannels is a Go channel, used as one does: it blocks.
type blockingChannels[T any] struct{ channels[T] }

func newBlockingChannels[T any](capacity int) *blockingChannels[T] {
	return &blockingChannels[T]{*newChannels[T](capacity)}
}

func (q *blockingChannels[T]) Send(vals *[values]T, n int) {
	c := q.there
	for i := range n {
		c <- vals[i%values]
	}
}

func (q *blockingChannels[T]) Recv(n int) (last T) {
	c := q.there
	for range n {
		last = <-c
	}
	return last
}

func (q *blockingChannels[T]) Ping(v T, n int) {
	there, back := q.there, q.back
	for range n {
		there <- v
		<-back
	}
}

func (q *blockingChannels[T]) Pong(n int) {
	there, back := q.there, q.back
	for range n {
		back <- <-there
	}
}

// workivaRings is the RingBuffer of github.com/Workiva/go-datastructures, for any
// number of goroutines on either end. It yields while it waits.
type workivaRings[T any] struct{ there, back *queue.RingBuffer }

func newWorkiva[T any](capacity int) *workivaRings[T] {
	return &workivaRings[T]{queue.NewRingBuffer(uint64(capacity)), queue.NewRingBuffer(uint64(capacity))}
}

func (q *workivaRings[T]) Send(vals *[values]T, n int) {
	for i := range n {
		q.there.Put(vals[i%values])
	}
}

func (q *workivaRings[T]) Recv(n int) (last T) {
	for range n {
		v, _ := q.there.Get()
		last = v.(T)
	}
	return last
}

func (q *workivaRings[T]) Ping(v T, n int) {
	for range n {
		q.there.Put(v)
		q.back.Get()
	}
}

func (q *workivaRings[T]) Pong(n int) {
	for range n {
		v, _ := q.there.Get()
		q.back.Put(v)
	}
}
