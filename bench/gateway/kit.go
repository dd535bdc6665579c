package main

import (
	"github.com/litesync/litesync/lockfree/notify"
	"github.com/litesync/litesync/lockfree/oneshot"
	"github.com/litesync/litesync/lockfree/spsc"
)

// kit is what the stages are joined with: this library's primitives, or what Go
// brings along.
type kit struct {
	name    string
	events  func() pipe[event]
	orders  func() pipe[decision]
	pending func() pipe[awaited]
	replies func(n int) []reply
	gate    func() gate
}

// pipe joins two stages.
type pipe[T any] interface {
	Send(v T)
	Recv() (T, bool) // false once closed and drained
	SendAll(vs []T)
	RecvSome(buf []T) int // waits for one at least; 0 once closed and drained
	Close()
}

// reply brings the acknowledgement of one order.
type reply interface {
	complete(acked)
	await() (acked, bool) // false: there will be none
	abandon()             // the sender's: there will be none
	reset()
}

// gate is opened once, by one goroutine for one other.
type gate interface {
	open()
	wait()
}

// capacity is that of the pipes.
const capacity = 4096

func litesyncKit(s spsc.Strategy) kit {
	return kit{
		name:    "litesync",
		events:  func() pipe[event] { return newSpscPipe[event](s) },
		orders:  func() pipe[decision] { return newSpscPipe[decision](s) },
		pending: func() pipe[awaited] { return newSpscPipe[awaited](s) },
		replies: oneshotReplies,
		gate:    func() gate { return new(notifyGate) },
	}
}

var goKit = kit{
	name:    "Go channels",
	events:  newChanPipe[event],
	orders:  newChanPipe[decision],
	pending: newChanPipe[awaited],
	replies: chanReplies,
	gate:    func() gate { return make(chanGate, 1) },
}

type spscPipe[T any] struct {
	s *spsc.Sender[T]
	r *spsc.Receiver[T]
}

func newSpscPipe[T any](strategy spsc.Strategy) pipe[T] {
	s, r := spsc.New[T](capacity, spsc.WithStrategy(strategy))
	return &spscPipe[T]{s, r}
}

func (p *spscPipe[T]) Send(v T)        { p.s.Send(v) }
func (p *spscPipe[T]) Recv() (T, bool) { return p.r.Recv() }
func (p *spscPipe[T]) SendAll(vs []T)  { p.s.SendSlice(vs) }
func (p *spscPipe[T]) Close()          { p.s.Close() }
func (p *spscPipe[T]) RecvSome(buf []T) int {
	n, _ := p.r.RecvSlice(buf)
	return n
}

type oneshotReply struct{ c oneshot.Chan[acked] }

func oneshotReplies(n int) []reply {
	all := make([]oneshotReply, n)
	rs := make([]reply, n)
	for i := range rs {
		rs[i] = &all[i]
	}
	return rs
}

func (r *oneshotReply) complete(a acked) {
	s, _ := r.c.Split()
	s.Send(a)
}

func (r *oneshotReply) await() (acked, bool) {
	_, rx := r.c.Split()
	a, err := rx.Recv()
	return a, err == nil
}

func (r *oneshotReply) abandon() {
	s, _ := r.c.Split()
	s.Close()
}

func (r *oneshotReply) reset() { r.c.Reset() }

type notifyGate struct{ n notify.Notify }

func (g *notifyGate) open() { g.n.NotifyOne() }
func (g *notifyGate) wait() { g.n.Wait() }

type chanPipe[T any] chan T

func newChanPipe[T any]() pipe[T] { return make(chanPipe[T], capacity) }

func (p chanPipe[T]) Send(v T) { p <- v }
func (p chanPipe[T]) Recv() (T, bool) {
	v, ok := <-p
	return v, ok
}
func (p chanPipe[T]) Close() { close(p) }

func (p chanPipe[T]) SendAll(vs []T) {
	for _, v := range vs {
		p <- v
	}
}

func (p chanPipe[T]) RecvSome(buf []T) int {
	v, ok := <-p
	if !ok {
		return 0
	}
	buf[0] = v
	n := 1
	for n < len(buf) && len(p) > 0 {
		buf[n] = <-p
		n++
	}
	return n
}

// chanReply gets an acknowledgement of no time if there is none: a closed channel
// could not be used again.
type chanReply struct{ c chan acked }

func chanReplies(n int) []reply {
	rs := make([]reply, n)
	for i := range rs {
		rs[i] = chanReply{make(chan acked, 1)}
	}
	return rs
}

func (r chanReply) complete(a acked) { r.c <- a }
func (r chanReply) await() (acked, bool) {
	a := <-r.c
	return a, a.at != 0
}
func (r chanReply) abandon() { r.c <- acked{} }
func (r chanReply) reset()   {}

type chanGate chan struct{}

func (g chanGate) open() { g <- struct{}{} }
func (g chanGate) wait() { <-g }
