package main

import (
	"sync"
	"unsafe"

	"gvisor.dev/gvisor/pkg/sleep"

	"github.com/litesync/litesync/bench/internal/harness"
	"github.com/litesync/litesync/bench/internal/result"
	"github.com/litesync/litesync/lockfree/notify"
	"github.com/litesync/litesync/lockfree/waker"
)

const (
	nameNotify = "notify"
	nameParker = "waker.Parker"
	nameGvisor = "gVisor sleep"
	nameCond   = "sync.Cond"
)

// signal is a contender that wakes one waiter, and keeps one wake-up that comes
// before the wait.
type signal interface {
	wake()
	wait()
}

// signals is both directions. The calls of the ping-pong go through the
// interface, the same for all: 2 ns of a round trip that takes 200 and more.
type signals struct {
	name string
	make func() signal
}

// A contender of your own goes into this list.
func allSignals() []signals {
	return []signals{
		{nameEmpty, func() signal { return emptySignal{} }},
		{nameNotify, func() signal { return &notifySignal{} }},
		{nameParker, func() signal { return &parkerSignal{} }},
		{nameChan, func() signal { return make(chanSignal, 1) }},
		{nameGvisor, func() signal { return newGvisorSignal() }},
		{nameCond, func() signal { return newCondSignal() }},
	}
}

// emptySignal never waits: what is left is the program's own.
type emptySignal struct{}

func (emptySignal) wake() {}
func (emptySignal) wait() {}

type notifySignal struct{ n notify.Notify }

func (s *notifySignal) wake() { s.n.NotifyOne() }
func (s *notifySignal) wait() { s.n.Wait() }

type parkerSignal struct{ p waker.Parker }

func (s *parkerSignal) wake() { s.p.Wake() }
func (s *parkerSignal) wait() { s.p.Park() }

type chanSignal chan struct{}

func (s chanSignal) wake() {
	select {
	case s <- struct{}{}:
	default:
	}
}

func (s chanSignal) wait() { <-s }

type gvisorSignal struct {
	s sleep.Sleeper
	w sleep.Waker
}

func newGvisorSignal() *gvisorSignal {
	var s gvisorSignal
	s.s.AddWaker(&s.w)
	return &s
}

func (s *gvisorSignal) wake() { s.w.Assert() }
func (s *gvisorSignal) wait() { s.s.Fetch(true) }

type condSignal struct {
	mu   sync.Mutex
	cond sync.Cond
	set  bool
}

func newCondSignal() *condSignal {
	var s condSignal
	s.cond.L = &s.mu
	return &s
}

func (s *condSignal) wake() {
	s.mu.Lock()
	s.set = true
	s.mu.Unlock()
	s.cond.Signal()
}

func (s *condSignal) wait() {
	s.mu.Lock()
	for !s.set {
		s.cond.Wait()
	}
	s.set = false
	s.mu.Unlock()
}

func signalPingPong(s signals) harness.Contender {
	return harness.Contender{Name: s.name, Make: func() harness.Work {
		there, back := s.make(), s.make()
		return harness.Work{
			A: func(n int) {
				for range n {
					there.wake()
					back.wait()
				}
			},
			B: func(n int) {
				for range n {
					there.wait()
					back.wake()
				}
			},
		}
	}}
}

func notifyWorkloads() []harness.Workload {
	pingPong := func(name string, place harness.Place) harness.Workload {
		w := harness.Workload{Suite: "notify", Name: name, Baseline: nameChan, Place: place}
		for _, s := range allSignals() {
			w.Contenders = append(w.Contenders, signalPingPong(s))
		}
		return w
	}
	var n notify.Notify
	c := make(chan struct{}, 1)
	g := newGvisorSignal()
	return []harness.Workload{
		{Suite: "notify", Name: "notified already", Baseline: nameChan, Place: harness.Alone, Contenders: []harness.Contender{
			{Name: nameEmpty, Make: emptyLoop},
			{Name: nameNotify, Make: loop(func(k int) {
				for range k {
					n.NotifyOne()
					n.Wait()
				}
			})},
			{Name: nameChan, Make: loop(func(k int) {
				for range k {
					chanSignal(c).wake()
					<-c
				}
			})},
			{Name: nameGvisor, Make: loop(func(k int) {
				for range k {
					g.w.Assert()
					g.s.Fetch(true)
				}
			})},
		}},
		pingPong("ping-pong", harness.Free),
		pingPong("ping-pong, GOMAXPROCS=1", harness.OneP),
		pingPong("ping-pong, pinned", harness.PinnedSleepers),
	}
}

var notifyTargets = []result.Target{
	atMost("notify/notified already", nameNotify, nameChan, result.All, 0.2),
	atMost("notify/ping-pong", nameNotify, nameChan, "", 0.6),
	atMost("notify/ping-pong, GOMAXPROCS=1", nameNotify, nameChan, "", 0.6),
	atMost("notify/ping-pong, pinned", nameNotify, result.Raw, "", 1.6),
}

func notifySizes() []result.Size {
	const group = "bytes per value, for waiting and waking"
	return []result.Size{
		{Group: group, Name: "notify.Notify", Bytes: float64(unsafe.Sizeof(notify.Notify{}))},
		{Group: group, Name: "waker.Parker", Bytes: float64(unsafe.Sizeof(waker.Parker{}))},
		{Group: group, Name: "waker.Atomic", Bytes: float64(unsafe.Sizeof(waker.Atomic{}))},
		{Group: group, Name: "waker.NewChan", Bytes: allocated(func() { escape(waker.NewChan()) })},
		{Group: group, Name: "make(chan struct{}, 1)", Bytes: allocated(func() { escape(make(chan struct{}, 1)) })},
	}
}
