package main

import (
	"github.com/puzpuzpuz/xsync/v4"

	"github.com/litesync/litesync"
	"github.com/litesync/litesync/lockfree/ring"
)

// empty hands no item over: it has the loops of the others and one handover at
// the end of each round, which is what the program itself costs.
type empty[T any] struct {
	last T
	done litesync.Uint32
}

func newEmpty[T any](int) *empty[T] { return &empty[T]{} }

func (e *empty[T]) Send(vals *[values]T, n int) {
	e.Both(vals, n)
	// ORDERING: pairs with the load in Recv, which then sees last.
	e.done.StoreRelease(1)
}

func (e *empty[T]) Recv(int) T {
	// ORDERING: pairs with the store in Send.
	for e.done.LoadAcquire() == 0 {
	}
	e.done.StoreRelaxed(0)
	return e.last
}

func (e *empty[T]) Both(vals *[values]T, n int) T {
	for i := range n {
		e.last = vals[i%values]
	}
	return e.last
}

func (e *empty[T]) Ping(v T, n int) {
	for range n {
		e.last = v
	}
}

func (e *empty[T]) Pong(int) {}

// rings is our ring, one item at a time.
type rings[T any] struct {
	p, backP *ring.Producer[T]
	c, backC *ring.Consumer[T]
}

func newRings[T any](capacity int) *rings[T] {
	var q rings[T]
	q.p, q.c = ring.New[T](capacity)
	q.backP, q.backC = ring.New[T](capacity)
	return &q
}

func (q *rings[T]) Send(vals *[values]T, n int) {
	p := q.p
	for i := range n {
		for !p.Push(vals[i%values]) {
		}
	}
}

func (q *rings[T]) Recv(n int) (last T) {
	c := q.c
	for range n {
		v, ok := c.Pop()
		for !ok {
			v, ok = c.Pop()
		}
		last = v
	}
	return last
}

func (q *rings[T]) Both(vals *[values]T, n int) (last T) {
	p, c := q.p, q.c
	for i := range n {
		p.Push(vals[i%values])
		last, _ = c.Pop()
	}
	return last
}

func (q *rings[T]) Ping(v T, n int) {
	p, c := q.p, q.backC
	for range n {
		p.Push(v)
		for {
			if _, ok := c.Pop(); ok {
				break
			}
		}
	}
}

func (q *rings[T]) Pong(n int) {
	p, c := q.backP, q.c
	for range n {
		v, ok := c.Pop()
		for !ok {
			v, ok = c.Pop()
		}
		p.Push(v)
	}
}

// ringSlices is our ring with PushSlice and PopSlice.
type ringSlices[T any] struct {
	rings[T]
	batch int
}

func newRingSlices[T any](capacity, batch int) *ringSlices[T] {
	return &ringSlices[T]{*newRings[T](capacity), batch}
}

func (q *ringSlices[T]) Send(vals *[values]T, n int) {
	p := q.p
	for i := 0; i < n; {
		at := i % values
		if k := p.PushSlice(vals[at:min(at+q.batch, values)]); k > 0 {
			i += k
		} else {
			litesync.Pause()
		}
	}
}

func (q *ringSlices[T]) Recv(n int) T {
	c := q.c
	buf := make([]T, q.batch)
	var last T
	for i := 0; i < n; {
		if k := c.PopSlice(buf); k > 0 {
			for _, v := range buf[:k] {
				last = v
			}
			i += k
		} else {
			litesync.Pause()
		}
	}
	return last
}

func (q *ringSlices[T]) Both(vals *[values]T, n int) T {
	p, c := q.p, q.c
	buf := make([]T, q.batch)
	for i := 0; i < n; i += len(buf) {
		at := i % values
		p.PushSlice(vals[at : at+len(buf)])
		c.PopSlice(buf)
	}
	return buf[len(buf)-1]
}

// ringInPlace is our ring with Reserve, Commit, PeekSlice and Discard.
type ringInPlace[T any] struct {
	rings[T]
	batch int
}

func newRingInPlace[T any](capacity, batch int) *ringInPlace[T] {
	return &ringInPlace[T]{*newRings[T](capacity), batch}
}

func (q *ringInPlace[T]) Send(vals *[values]T, n int) {
	p := q.p
	for i := 0; i < n; {
		first, second := p.Reserve(min(q.batch, n-i))
		k := len(first) + len(second)
		if k == 0 {
			litesync.Pause()
			continue
		}
		fill(first, vals, i)
		fill(second, vals, i+len(first))
		p.Commit(k)
		i += k
	}
}

// fill writes the items from number i on to slots.
func fill[T any](slots []T, vals *[values]T, i int) {
	for len(slots) > 0 {
		k := copy(slots, vals[i%values:])
		slots, i = slots[k:], i+k
	}
}

func (q *ringInPlace[T]) Recv(n int) (last T) {
	c := q.c
	for i := 0; i < n; {
		first, second := c.PeekSlice(q.batch)
		for _, v := range first {
			last = v
		}
		for _, v := range second {
			last = v
		}
		if k := c.Discard(len(first) + len(second)); k > 0 {
			i += k
		} else {
			litesync.Pause()
		}
	}
	return last
}

// channels is a buffered Go channel, polled like the rings: select with
// default.
type channels[T any] struct{ there, back chan T }

func newChannels[T any](capacity int) *channels[T] {
	return &channels[T]{make(chan T, capacity), make(chan T, capacity)}
}

func (q *channels[T]) Send(vals *[values]T, n int) {
	c := q.there
	for i := range n {
		for !trySend(c, vals[i%values]) {
		}
	}
}

func (q *channels[T]) Recv(n int) (last T) {
	c := q.there
	for range n {
		last = poll(c)
	}
	return last
}

func (q *channels[T]) Both(vals *[values]T, n int) (last T) {
	c := q.there
	for i := range n {
		c <- vals[i%values]
		last = <-c
	}
	return last
}

func (q *channels[T]) Ping(v T, n int) {
	for range n {
		q.there <- v
		poll(q.back)
	}
}

func (q *channels[T]) Pong(n int) {
	for range n {
		q.back <- poll(q.there)
	}
}

func trySend[T any](c chan<- T, v T) bool {
	select {
	case c <- v:
		return true
	default:
		return false
	}
}

func tryRecv[T any](c <-chan T) (v T, ok bool) {
	select {
	case v = <-c:
		return v, true
	default:
		return v, false
	}
}

func poll[T any](c <-chan T) T {
	v, ok := tryRecv(c)
	for !ok {
		v, ok = tryRecv(c)
	}
	return v
}

// atomicRings is the ring that is published with sync/atomic.
type atomicRings[T any] struct{ there, back *atomicRing[T] }

func newAtomicRings[T any](capacity int) *atomicRings[T] {
	return &atomicRings[T]{newAtomicRing[T](capacity), newAtomicRing[T](capacity)}
}

func (q *atomicRings[T]) Send(vals *[values]T, n int) {
	r := q.there
	for i := range n {
		for !r.push(vals[i%values]) {
		}
	}
}

func (q *atomicRings[T]) Recv(n int) (last T) {
	r := q.there
	for range n {
		v, ok := r.pop()
		for !ok {
			v, ok = r.pop()
		}
		last = v
	}
	return last
}

func (q *atomicRings[T]) Both(vals *[values]T, n int) (last T) {
	r := q.there
	for i := range n {
		r.push(vals[i%values])
		last, _ = r.pop()
	}
	return last
}

func (q *atomicRings[T]) Ping(v T, n int) {
	for range n {
		q.there.push(v)
		for {
			if _, ok := q.back.pop(); ok {
				break
			}
		}
	}
}

func (q *atomicRings[T]) Pong(n int) {
	for range n {
		v, ok := q.there.pop()
		for !ok {
			v, ok = q.there.pop()
		}
		q.back.push(v)
	}
}

// xsyncQueues is the SPSC queue of github.com/puzpuzpuz/xsync.
type xsyncQueues[T any] struct{ there, back *xsync.SPSCQueue[T] }

func newXsync[T any](capacity int) *xsyncQueues[T] {
	return &xsyncQueues[T]{xsync.NewSPSCQueue[T](capacity), xsync.NewSPSCQueue[T](capacity)}
}

func (q *xsyncQueues[T]) Send(vals *[values]T, n int) {
	for i := range n {
		for !q.there.TryEnqueue(vals[i%values]) {
		}
	}
}

func (q *xsyncQueues[T]) Recv(n int) (last T) {
	for range n {
		v, ok := q.there.TryDequeue()
		for !ok {
			v, ok = q.there.TryDequeue()
		}
		last = v
	}
	return last
}

func (q *xsyncQueues[T]) Both(vals *[values]T, n int) (last T) {
	for i := range n {
		q.there.TryEnqueue(vals[i%values])
		last, _ = q.there.TryDequeue()
	}
	return last
}

func (q *xsyncQueues[T]) Ping(v T, n int) {
	for range n {
		q.there.TryEnqueue(v)
		for {
			if _, ok := q.back.TryDequeue(); ok {
				break
			}
		}
	}
}

func (q *xsyncQueues[T]) Pong(n int) {
	for range n {
		v, ok := q.there.TryDequeue()
		for !ok {
			v, ok = q.there.TryDequeue()
		}
		q.back.TryEnqueue(v)
	}
}
