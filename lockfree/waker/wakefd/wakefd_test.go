//go:build linux && !model

package wakefd_test

import (
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/litesync/litesync/lockfree/spsc"
	"github.com/litesync/litesync/lockfree/waker"
	"github.com/litesync/litesync/lockfree/waker/wakefd"
)

var _ waker.Waker = (*wakefd.FD)(nil)

func open(t *testing.T) *wakefd.FD {
	t.Helper()
	d, err := wakefd.New()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return d
}

// poller waits until a descriptor is readable.
type poller int

func newPoller(t *testing.T, d *wakefd.FD) poller {
	t.Helper()
	p, err := syscall.EpollCreate1(syscall.EPOLL_CLOEXEC)
	if err != nil {
		t.Fatal(err)
	}
	ev := syscall.EpollEvent{Events: syscall.EPOLLIN, Fd: int32(d.FD())}
	if err := syscall.EpollCtl(p, syscall.EPOLL_CTL_ADD, d.FD(), &ev); err != nil {
		t.Fatal(err)
	}
	return poller(p)
}

func (p poller) close() { syscall.Close(int(p)) }

// readable waits for that many milliseconds, and reports whether it is.
func (p poller) readable(ms int) bool {
	var events [8]syscall.EpollEvent
	for {
		n, err := syscall.EpollWait(int(p), events[:], ms)
		if err != syscall.EINTR {
			return n > 0
		}
	}
}

// long is how many milliseconds are too long for a wake that is not lost.
const long = 30_000

func TestWakeClear(t *testing.T) {
	d := open(t)
	p := newPoller(t, d)
	defer p.close()
	if p.readable(0) {
		t.Error("readable when new")
	}
	for range 3 {
		d.Wake()
		d.Wake()
		for range 2 { // Looking takes nothing.
			if !p.readable(0) {
				t.Error("not readable after a wake")
			}
		}
		d.Clear()
		if p.readable(0) {
			t.Error("readable after Clear")
		}
		d.Clear()
	}
}

// Wakes that come while it is readable do not write.
func TestWritesOnce(t *testing.T) {
	d := open(t)
	for range 3 {
		d.Wake()
	}
	var buf [64]byte
	n, err := syscall.Read(d.FD(), buf[:])
	sum := 0
	for _, b := range buf[:max(n, 0)] {
		sum += int(b)
	}
	// An eventfd has the count, a pipe the bytes, which are zero.
	if err != nil || sum != 1 && n != 1 {
		t.Errorf("read %d bytes with a sum of %d, %v, want one write", n, sum, err)
	}
}

// The loop of the documentation gets all values of a channel.
func TestChannel(t *testing.T) {
	d := open(t)
	p := newPoller(t, d)
	defer p.close()
	s, r := spsc.New[int](16)
	values := 100_000
	if testing.Short() {
		values /= 20
	}
	var sender sync.WaitGroup
	sender.Go(func() {
		defer s.Close()
		for i := range values {
			s.Send(i)
			if i%1000 == 0 {
				runtime.Gosched()
			}
		}
	})
	for got := 0; ; {
		for v := range r.Drain() {
			if v != got {
				t.Fatalf("%d, want %d", v, got)
			}
			got++
		}
		switch r.Poll(d) {
		case spsc.ErrEmpty:
			if !p.readable(long) {
				t.Fatalf("asleep with %d of %d received", got, values)
			}
			d.Clear()
		case spsc.ErrClosed:
			if got != values {
				t.Fatalf("%d of %d received", got, values)
			}
			sender.Wait() // It may still be in Wake, and then close the descriptor later than Close.
			return
		}
	}
}

// Many wake, one clears now and then and looks: nothing is missed.
func TestStress(t *testing.T) {
	d := open(t)
	p := newPoller(t, d)
	defer p.close()
	const wakers = 4
	each := 50_000
	if testing.Short() {
		each /= 20
	}
	var sum atomic.Int64
	var wg sync.WaitGroup
	defer wg.Wait()
	for range wakers {
		wg.Go(func() {
			for range each {
				sum.Add(1)
				d.Wake()
			}
		})
	}
	for i := 0; sum.Load() < int64(wakers*each); i++ {
		if i%5 == 4 {
			d.Clear() // Without cause.
			if sum.Load() == int64(wakers*each) {
				break
			}
		}
		if !p.readable(long) {
			t.Fatalf("asleep at %d of %d", sum.Load(), wakers*each)
		}
		d.Clear()
	}
}

// After Close nothing touches the descriptor that has the number now.
func TestAfterClose(t *testing.T) {
	d := open(t)
	number := d.FD()
	d.Wake()
	d.Close()
	next := open(t)
	if next.FD() != number {
		t.Fatalf("the system gives out %d, not %d again", next.FD(), number)
	}
	next.Wake()
	d.Clear()
	d.Wake()
	d.Close()
	if d.FD() != -1 {
		t.Errorf("FD %d", d.FD())
	}
	p := newPoller(t, next)
	defer p.close()
	if !p.readable(0) {
		t.Error("Clear has read, or Close closed, what is somebody else's")
	}
	next.Clear()
	if p.readable(0) {
		t.Error("Wake has written to what is somebody else's")
	}
}

// descriptors returns how many this process has.
func descriptors(t *testing.T) int {
	t.Helper()
	all, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skip(err)
	}
	return len(all)
}

// A wake never writes to a descriptor that has been closed, whose number belongs
// to another by now.
func TestClose(t *testing.T) {
	before := descriptors(t)
	defer func() {
		if after := descriptors(t); after != before {
			t.Errorf("%d descriptors before, %d after", before, after)
		}
	}()
	n := 3000
	if testing.Short() {
		n /= 20
	}
	for range n {
		d, err := wakefd.New()
		if err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() {
				for range 20 {
					d.Wake()
				}
			})
		}
		d.Clear()
		d.Close()
		d.Close()
		next, err := wakefd.New()
		if err != nil {
			t.Fatal(err)
		}
		wg.Wait()
		d.Wake()
		p := newPoller(t, next)
		if p.readable(0) {
			t.Fatal("a wake went to somebody else's descriptor")
		}
		p.close()
		next.Close()
	}
}
