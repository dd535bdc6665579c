//go:build !model

package oneshot_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
)

var errCause = errors.New("cause")

// An op is one call on one end.
type op byte

const (
	opSend op = iota
	opCloseSend
	opClosed
	opWaitDone // WaitClosed with a context that is done
	opPollClosed
	opTryRecv
	opRecvDone // RecvContext with a context that is done
	opPoll
	opCloseRecv
	opReset
	// Only where a goroutine can be left waiting:
	opWait       // WaitClosed in a goroutine
	opWaitCancel // its context
	opRecv       // RecvContext in a goroutine
	opRecvCancel // its context
	allOps
)

func (o op) String() string {
	return [...]string{"Send", "Sender.Close", "Closed", "WaitClosed(done)", "PollClosed", "TryRecv",
		"RecvContext(done)", "Poll", "Receiver.Close", "Reset", "go WaitClosed", "cancel WaitClosed", "go Recv",
		"cancel Recv"}[o]
}

// A result is what a receive or WaitClosed returned.
type result struct {
	v   byte
	err error
}

// A waiter is a goroutine that waits in an end.
type waiter struct {
	cancel context.CancelCauseFunc
	result chan result
}

// A life is a channel beside a model of it: what has happened, in the words of
// the contract. The model knows nothing of states.
type life struct {
	impl
	c channel
	s sender
	r receiver

	sentOK, tookIt, gaveUp bool // by the sender, by the receiver, by the sender
	rClosed                bool // by the receiver
	value                  byte // the one that was sent
	n                      byte // the last one that was tried

	wakers  map[*counter]int // what each has to count
	onValue *counter         // registered by Poll
	onClose *counter         // registered by PollClosed
	recv    *waiter
	wait    *waiter
}

func (i impl) newLife() *life {
	l := &life{impl: i, c: i.newChannel(), wakers: map[*counter]int{}}
	l.s, l.r = l.c.Split()
	return l
}

// quiet reports whether nothing has happened that anybody could wait for.
func (l *life) quiet() bool { return !l.sentOK && !l.gaveUp && !l.rClosed }

func (l *life) sendErr() error {
	switch {
	case l.sentOK:
		return l.errSent
	case l.gaveUp || l.rClosed:
		return l.errClosed
	}
	return nil
}

func (l *life) recvErr() error {
	switch {
	case l.quiet():
		return l.errEmpty
	case l.sentOK && !l.tookIt:
		return nil
	}
	return l.errClosed
}

func (l *life) waitErr() error {
	switch {
	case l.rClosed:
		return nil
	case l.sentOK:
		return l.errSent
	}
	return l.errClosed
}

// take is a receive.
func (l *life) take() result {
	err := l.recvErr()
	if err != nil {
		return result{0, err}
	}
	l.tookIt = true
	return result{l.value, nil}
}

// woken is the end of waiting: it checks what the waiters return.
func (l *life) woken() (err error) {
	for _, w := range []*counter{l.onValue, l.onClose} {
		if w != nil {
			l.wakers[w]++
		}
	}
	l.onValue, l.onClose = nil, nil
	if w := l.recv; w != nil {
		l.recv = nil
		err = w.check(l.take())
	}
	if w := l.wait; w != nil {
		l.wait = nil
		err = errors.Join(err, w.check(result{0, l.waitErr()}))
	}
	return err
}

func (w *waiter) check(want result) error {
	synctest.Wait()
	select {
	case got := <-w.result:
		return diff(got, want)
	default:
		return errors.New("still waiting")
	}
}

func diff(got, want any) error {
	if got != want {
		return fmt.Errorf("got %v, want %v", got, want)
	}
	return nil
}

func start(f func(context.Context) (byte, error)) *waiter {
	ctx, cancel := context.WithCancelCause(context.Background())
	w := &waiter{cancel, make(chan result, 1)}
	go func() {
		v, err := f(ctx)
		w.result <- result{v, err}
	}()
	synctest.Wait()
	return w
}

// legal reports whether the contract lets o be called: an end on which a
// goroutine waits does nothing else.
func (l *life) legal(o op) bool {
	switch o {
	case opSend, opCloseSend, opWaitDone, opPollClosed, opWait:
		return l.wait == nil
	case opTryRecv, opRecvDone, opPoll, opCloseRecv, opRecv:
		return l.recv == nil
	case opReset:
		return l.wait == nil && l.recv == nil
	case opWaitCancel:
		return l.wait != nil
	case opRecvCancel:
		return l.recv != nil
	}
	return true
}

// do calls o and compares what happens with the model.
func (l *life) do(o op) (err error) {
	wasQuiet := l.quiet()
	switch o {
	case opSend:
		l.n++
		want := l.sendErr()
		if want == nil {
			l.sentOK, l.value = true, l.n
		}
		err = diff(l.s.Send(l.n), want)
	case opCloseSend:
		l.gaveUp = l.gaveUp || l.quiet()
		l.s.Close()
	case opClosed:
		err = diff(l.s.Closed(), l.rClosed)
	case opWaitDone:
		want := errCause
		if !wasQuiet {
			want = l.waitErr()
		}
		err = diff(l.s.WaitClosed(done()), want)
	case opPollClosed:
		w := new(counter)
		l.wakers[w] = 0
		if wasQuiet {
			l.onClose = w
		}
		err = diff(l.s.PollClosed(w), !wasQuiet)
	case opTryRecv:
		v, e := l.r.TryRecv()
		err = diff(result{v, e}, l.take())
	case opRecvDone:
		want := result{0, errCause}
		if !wasQuiet {
			want = l.take()
		}
		v, e := l.r.RecvContext(done())
		err = diff(result{v, e}, want)
	case opPoll:
		w := new(counter)
		l.wakers[w] = 0
		if wasQuiet {
			l.onValue = w
		}
		err = diff(l.r.Poll(w), l.recvErr())
	case opCloseRecv:
		l.rClosed = true
		l.r.Close()
	case opReset:
		l.c.Reset()
		l.sentOK, l.tookIt, l.gaveUp, l.rClosed = false, false, false, false
		l.onValue, l.onClose = nil, nil
		wasQuiet = false // nobody is woken
	case opWait:
		l.onClose = nil // replaced
		l.wait = start(func(ctx context.Context) (byte, error) { return 0, l.s.WaitClosed(ctx) })
		wasQuiet = true // whoever need not wait is back
	case opWaitCancel:
		l.wait.cancel(errCause)
		err = l.wait.check(result{0, errCause})
		l.wait = nil
	case opRecv:
		l.onValue = nil
		l.recv = start(l.r.RecvContext)
		wasQuiet = true
	case opRecvCancel:
		l.recv.cancel(errCause)
		err = l.recv.check(result{0, errCause})
		l.recv = nil
	}
	if wasQuiet && !l.quiet() {
		err = errors.Join(err, l.woken())
	}
	for w, n := range l.wakers {
		if w.n != n {
			err = errors.Join(err, fmt.Errorf("a waker was woken %d times, want %d", w.n, n))
		}
	}
	return err
}

// finish lets go of who still waits.
func (l *life) finish() (err error) {
	if l.recv != nil {
		err = l.do(opRecvCancel)
	}
	if l.wait != nil {
		err = errors.Join(err, l.do(opWaitCancel))
	}
	return err
}

// live does ops on a new channel, leaving out what is not legal, and says where
// it went wrong.
func (i impl) live(ops []op) error {
	l := i.newLife()
	for k, o := range ops {
		if l.legal(o) {
			if err := l.do(o); err != nil {
				return fmt.Errorf("%v: %w", ops[:k+1], err)
			}
		}
	}
	if err := l.finish(); err != nil {
		return fmt.Errorf("%v, the end: %w", ops, err)
	}
	return nil
}

// each calls f with every sequence of n of the first k ops.
func each(n int, k op, f func([]op) error) error {
	ops := make([]op, n)
	for {
		if err := f(ops); err != nil {
			return err
		}
		at := n - 1
		for ; at >= 0; at-- {
			if ops[at]++; ops[at] < k {
				break
			}
			ops[at] = 0
		}
		if at < 0 {
			return nil
		}
	}
}

func TestEveryOrder(t *testing.T) { both(t, impl.everyOrder) }

// everyOrder tries every sequence of calls that do not wait.
func (i impl) everyOrder(t *testing.T) {
	n := 5
	if testing.Short() {
		n = 3
	}
	if err := each(n, opWait, i.live); err != nil {
		t.Fatal(err)
	}
}

func TestEveryOrderWaiting(t *testing.T) { both(t, impl.everyOrderWaiting) }

// everyOrderWaiting tries every sequence, with goroutines that are asleep in
// one end or both while the next call comes.
func (i impl) everyOrderWaiting(t *testing.T) {
	n := 4
	if testing.Short() {
		n = 2
	}
	synctest.Test(t, func(t *testing.T) {
		if err := each(n, allOps, i.live); err != nil {
			t.Fatal(err)
		}
	})
}

func FuzzOneshot(f *testing.F) { implOneshot.fuzz(f) }

func FuzzLite(f *testing.F) { implLite.fuzz(f) }

// fuzz is everyOrderWaiting for longer sequences.
func (i impl) fuzz(f *testing.F) {
	f.Add([]byte{byte(opWait), byte(opRecv), byte(opWaitCancel), byte(opSend), byte(opCloseRecv), byte(opReset)})
	f.Add([]byte{byte(opPollClosed), byte(opRecv), byte(opPollClosed), byte(opRecvCancel), byte(opCloseRecv)})
	f.Fuzz(func(t *testing.T, data []byte) {
		ops := make([]op, min(len(data), 200))
		for k := range ops {
			ops[k] = op(data[k] % byte(allOps))
		}
		synctest.Test(t, func(t *testing.T) {
			if err := i.live(ops); err != nil {
				t.Fatal(err)
			}
		})
	})
}
