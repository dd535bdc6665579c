//go:build !model

package spsc_test

import (
	"testing"
	"testing/synctest"

	"github.com/litesync/litesync/lockfree/spsc"
)

// inBubble runs f for channels of a few capacities, in a bubble in which
// synctest.Wait returns when the other goroutine sleeps.
func inBubble(t *testing.T, f func(t *testing.T, capacity int, s *spsc.Sender[int], r *spsc.Receiver[int])) {
	for _, capacity := range []int{1, 2, 5} {
		synctest.Test(t, func(t *testing.T) {
			s, r := spsc.New[int](capacity)
			f(t, capacity, s, r)
		})
	}
}

func counts(t *testing.T, s *spsc.Sender[int], r *spsc.Receiver[int], want int) {
	t.Helper()
	if s.Len() != want || r.Len() != want || s.Free() != s.Cap()-want {
		t.Errorf("Len %d and %d, Free %d, want %d values", s.Len(), r.Len(), s.Free(), want)
	}
}

// blockedSend fills s and leaves a goroutine in Send.
func blockedSend(capacity int, s *spsc.Sender[int], err *error) {
	go func() {
		for i := range capacity + 1 {
			*err = s.Send(i)
		}
	}()
	synctest.Wait()
}

// The value of a Send that waits can be received, but does not count.
func TestSendHandsOver(t *testing.T) {
	inBubble(t, func(t *testing.T, capacity int, s *spsc.Sender[int], r *spsc.Receiver[int]) {
		var err error
		blockedSend(capacity, s, &err)
		counts(t, s, r, capacity)
		if a, b := r.PeekSlice(capacity + 1); len(a)+len(b) != capacity {
			t.Errorf("%d values to peek at", len(a)+len(b))
		}
		dst := make([]int, capacity+1)
		if n, err := r.TryRecvSlice(dst); n != len(dst) || err != nil || dst[capacity] != capacity {
			t.Errorf("received %v, %v", dst[:n], err)
		}
		synctest.Wait()
		if err != nil {
			t.Errorf("Send: %v", err)
		}
		counts(t, s, r, 0)
		for i := range capacity {
			if err := s.TrySend(i); err != nil {
				t.Errorf("TrySend: %v", err)
			}
		}
		if err := s.TrySend(0); err != spsc.ErrFull {
			t.Errorf("TrySend of a full channel: %v", err)
		}
	})
}

// Close refuses the value of a Send that waits, unless there is room for it.
func TestCloseAgainstBlockedSend(t *testing.T) {
	for _, room := range []int{0, 1} {
		inBubble(t, func(t *testing.T, capacity int, s *spsc.Sender[int], r *spsc.Receiver[int]) {
			var err error
			blockedSend(capacity, s, &err)
			r.Discard(room)
			r.Close()
			synctest.Wait()
			if want := []error{spsc.ErrClosed, nil}[room]; err != want {
				t.Errorf("Send: %v, want %v", err, want)
			}
			counts(t, s, r, capacity)
			want := room
			for v := range r.Drain() {
				if v != want {
					t.Errorf("received %d, want %d", v, want)
				}
				want++
			}
			if want != capacity+room || !r.Closed() {
				t.Errorf("received up to %d, Closed %v", want, r.Closed())
			}
		})
	}
}

// A Recv that waits makes room for one value more, which does not count.
func TestRecvMakesRoom(t *testing.T) {
	inBubble(t, func(t *testing.T, capacity int, s *spsc.Sender[int], r *spsc.Receiver[int]) {
		got, ok := -1, false
		go func() { got, ok = r.Recv() }()
		synctest.Wait()
		counts(t, s, r, 0)
		a, b := s.Reserve(capacity + 2)
		if len(a)+len(b) != capacity+1 {
			t.Fatalf("%d slots reserved", len(a)+len(b))
		}
		for i := range a {
			a[i] = i
		}
		for i := range b {
			b[i] = len(a) + i
		}
		if err := s.Commit(capacity + 1); err != nil {
			t.Errorf("Commit: %v", err)
		}
		if err := s.TrySend(0); err != spsc.ErrFull {
			t.Errorf("TrySend: %v", err)
		}
		synctest.Wait()
		if got != 0 || !ok {
			t.Errorf("Recv: %d, %v", got, ok)
		}
		counts(t, s, r, capacity)
		s.Close()
		want := 1
		for v := range r.All() {
			if v != want {
				t.Errorf("received %d, want %d", v, want)
			}
			want++
		}
		if want != capacity+1 {
			t.Errorf("received up to %d", want)
		}
	})
}

// A Recv that waits gets what is sent just before Close, or nothing.
func TestCloseAgainstBlockedRecv(t *testing.T) {
	for _, sent := range []int{0, 1, 2} {
		inBubble(t, func(t *testing.T, _ int, s *spsc.Sender[int], r *spsc.Receiver[int]) {
			got, ok := -1, false
			go func() { got, ok = r.Recv() }()
			synctest.Wait()
			s.Reserve(sent)
			s.Commit(sent)
			s.Close()
			synctest.Wait()
			if ok != (sent > 0) || got != 0 {
				t.Errorf("Recv: %d, %v", got, ok)
			}
			counts(t, s, r, max(0, sent-1))
			if n := r.Clear(); n != max(0, sent-1) || !r.Closed() {
				t.Errorf("%d values left, Closed %v", n, r.Closed())
			}
			if _, ok := r.Recv(); ok {
				t.Error("received after the end")
			}
			counts(t, s, r, 0)
		})
	}
}
