package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"github.com/litesync/litesync"
	"github.com/litesync/litesync/bench/gateway/internal/itch"
	"github.com/litesync/litesync/bench/gateway/internal/mold"
	"github.com/litesync/litesync/bench/gateway/internal/ouch"
	"github.com/litesync/litesync/bench/internal/harness"
	"github.com/litesync/litesync/bench/internal/result"
)

// The stages, each a goroutine:
//
//	receiver   datagram, gap detection, decode    -> events
//	strategy   order book, decision               -> orders
//	sender     encode, write to the exchange      -> pending
//	acks       read acknowledgements, match them with pending, complete the reply

// event is a decoded message and when its datagram came.
type event struct {
	m  itch.Message
	in uint64
}

// decision is an order on its way, with the times of the stages before.
type decision struct {
	o             ouch.Order
	in, taken, at uint64
	reply         reply
}

// awaited is an order that was written and waits for its acknowledgement.
type awaited struct {
	token uint64
	reply reply
}

// acked is an acknowledgement and when it came.
type acked struct {
	ack ouch.Ack
	at  uint64
}

// window is how many orders may be without an acknowledgement, perWrite how many
// go to the exchange in one write.
const (
	window   = 256
	perWrite = 16
)

// stages names the parts of the way from datagram to order.
var stages = [...]string{"datagram to strategy", "book and decision", "decision to sender", "encode and write", "tick to order", "decision to acknowledgement"}

const (
	toStrategy = iota
	deciding
	toSender
	writing
	total
	acknowledged
)

// report is what one run of the pipeline showed.
type report struct {
	Rate     float64 `json:"rate"` // messages a second, as sent
	Messages int     `json:"messages"`
	Lost     uint64  `json:"lost"`
	Gaps     uint64  `json:"gaps"`
	Outcome  outcome `json:"outcome"`
	Mallocs  uint64  `json:"mallocs"`
	GCs      uint32  `json:"gcs"`

	Latency map[string]result.Latency `json:"latency"` // by stage

	recorders [len(stages)]*harness.Recorder
}

// pipeline is one run.
type pipeline struct {
	kit kit

	events  pipe[event]
	orders  pipe[decision]
	pending pipe[awaited]
	replies []reply
	ended   gate
	report  report
	mu      sync.Mutex
	err     error
}

func newPipeline(k kit) *pipeline {
	p := &pipeline{kit: k, events: k.events(), orders: k.orders(), pending: k.pending(), replies: k.replies(window), ended: k.gate()}
	for i := range p.report.recorders {
		p.report.recorders[i] = harness.NewRecorder()
	}
	return p
}

// play lets the world send a day, or a part of it, through a gateway, and returns what
// came of it. The stages are pinned to the CPUs in turn, if there are any.
func play(k kit, w *world, rate float64, messages int, cpus []int) (*report, error) {
	in, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return nil, fmt.Errorf("market data: %w", err)
	}
	defer in.Close()
	in.SetReadBuffer(8 << 20) // As much as the system allows.
	out, err := net.Dial("tcp", w.exchange)
	if err != nil {
		return nil, fmt.Errorf("exchange: %w", err)
	}
	defer out.Close()

	p := newPipeline(k)
	s := newStrategy()
	limit := w.patience + time.Duration(10*float64(messages)/rate*1e9)
	defer watch(limit, func() {
		p.fail(fmt.Errorf("no end after %v: the feed, the exchange or a stage stands still", limit.Round(time.Second)))
		in.Close()
		out.Close()
		w.abandon()
	})()
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var all sync.WaitGroup
	for i, stage := range []func() error{
		func() error {
			defer in.Close() // which tells the feed that its end was heard
			return p.receive(in)
		},
		func() error { return p.decide(s) },
		func() error { return p.write(out) },
		func() error { return p.acknowledge(out) },
	} {
		all.Go(func() {
			if len(cpus) > 0 {
				// Never unlocked, so that no pinned thread is left to others.
				runtime.LockOSThread()
				p.fail(harness.Pin(cpus[i%len(cpus)]))
			}
			if err := stage(); err != nil {
				p.fail(err)
				in.Close() // so that the others end too
			}
		})
	}
	if err := w.to.Encode(trial{in.LocalAddr().String(), rate, messages}); err != nil {
		p.fail(fmt.Errorf("the world: %w", err))
	}
	var a account
	told := make(chan struct{})
	go func() {
		defer close(told)
		if err := w.from.Decode(&a); err != nil {
			p.fail(fmt.Errorf("the world has gone: %w", err))
			in.Close()
		}
	}()
	p.ended.wait()
	all.Wait()
	runtime.ReadMemStats(&after)
	out.Close() // which tells the exchange that there is no more to come
	<-told
	if a.Err != "" {
		p.fail(errors.New(a.Err))
	}
	if p.err != nil {
		return nil, fmt.Errorf("%s: %w", k.name, p.err)
	}

	r := &p.report
	r.Rate = a.Rate
	r.Mallocs, r.GCs = after.Mallocs-before.Mallocs, after.NumGC-before.NumGC
	r.Outcome = outcome{s.books.Sum(), a.Orders, a.OrdersSum}
	r.Latency = map[string]result.Latency{}
	for i, stage := range stages {
		l := r.recorders[i].Latency(result.All)
		l.Curve = nil // That of all rounds tells more.
		r.Latency[stage] = l
	}
	return r, nil
}

// watch calls giveUp after limit, unless stop is called before. Where even that
// helps nobody on, it ends the program and shows where each goroutine stands.
func watch(limit time.Duration, giveUp func()) (stop func()) {
	first := time.AfterFunc(limit, giveUp)
	second := time.AfterFunc(limit+10*time.Second, func() {
		debug.SetTraceback("all")
		panic("gateway: the stages do not end although their connections were closed")
	})
	return func() {
		first.Stop()
		second.Stop()
	}
}

// fail keeps the first error.
func (p *pipeline) fail(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.err == nil {
		p.err = err
	}
}

// receive is the first stage.
func (p *pipeline) receive(conn *net.UDPConn) error {
	defer p.ended.open()
	defer p.events.Close()
	r := mold.NewReceiver(session)
	var events []event // of one datagram
	var e event
	var bad error
	take := func(msg []byte) {
		if err := itch.Decode(msg, &e.m); err != nil {
			bad = err
			return
		}
		events = append(events, e)
	}
	buf := make([]byte, 64<<10)
	for !r.Ended {
		size, err := conn.Read(buf)
		if err != nil {
			return fmt.Errorf("market data: %w", err)
		}
		e.in = litesync.Ticks()
		events = events[:0]
		if err := errors.Join(r.Packet(buf[:size], take), bad); err != nil {
			return err
		}
		p.report.Messages += len(events)
		p.events.SendAll(events)
	}
	p.report.Lost, p.report.Gaps = r.Lost, r.Gaps
	return nil
}

// decide is the second stage. Once messages were lost the book may refuse
// others; they are left out, and the day's outcome shows it.
func (p *pipeline) decide(s *strategy) error {
	defer p.orders.Close()
	var asked [window]uint64 // when the order of each reply was decided on; 0: none is out
	settle := func(i uint64) {
		if asked[i] == 0 {
			return
		}
		if a, ok := p.replies[i].await(); ok {
			p.report.recorders[acknowledged].Ticks(a.at - asked[i])
		}
		p.replies[i].reset()
		asked[i] = 0
	}
	var events [perPacket]event
	var d decision
	for {
		n := p.events.RecvSome(events[:])
		if n == 0 {
			break
		}
		for i := range events[:n] {
			d.in, d.taken = events[i].in, litesync.Ticks()
			if ordered, err := s.apply(&events[i].m, &d.o); err != nil || !ordered {
				continue
			}
			at := d.o.Token % window
			settle(at)
			d.at, d.reply = litesync.Ticks(), p.replies[at]
			asked[at] = d.at
			p.orders.Send(d)
		}
	}
	for i := range asked {
		settle(uint64(i))
	}
	return nil
}

// write is the third stage. What has queued up goes out in one piece.
func (p *pipeline) write(conn net.Conn) error {
	defer p.pending.Close()
	rec := &p.report.recorders
	var orders [perWrite]decision
	var sent [perWrite]awaited
	var buf []byte
	var failed error
	for {
		n := p.orders.RecvSome(orders[:])
		if n == 0 {
			return failed
		}
		taken := litesync.Ticks()
		buf = buf[:0]
		for i, d := range orders[:n] {
			buf = ouch.AppendOrder(buf, &d.o)
			sent[i] = awaited{d.o.Token, d.reply}
		}
		if failed == nil {
			_, failed = conn.Write(buf)
		}
		if failed != nil {
			for _, a := range sent[:n] {
				a.reply.abandon()
			}
			continue
		}
		done := litesync.Ticks()
		p.pending.SendAll(sent[:n])
		for _, d := range orders[:n] {
			rec[toStrategy].Ticks(d.taken - d.in)
			rec[deciding].Ticks(d.at - d.taken)
			rec[toSender].Ticks(taken - d.at)
			rec[writing].Ticks(done - taken)
			rec[total].Ticks(done - d.in)
		}
	}
}

// acknowledge is the last stage. Orders are acknowledged in sequence.
func (p *pipeline) acknowledge(conn net.Conn) error {
	r := ouch.NewReader(bufio.NewReader(conn))
	var failed error
	for {
		w, ok := p.pending.Recv()
		if !ok {
			return failed
		}
		var a ouch.Ack
		if failed == nil {
			failed = r.Ack(&a)
			if failed == io.EOF {
				failed = errors.New("the exchange closed the connection")
			} else if failed == nil && a.Token != w.token {
				failed = fmt.Errorf("acknowledgement of order %d, want %d", a.Token, w.token)
			}
		}
		if failed != nil {
			w.reply.abandon()
			continue
		}
		w.reply.complete(acked{a, litesync.Ticks()})
	}
}
