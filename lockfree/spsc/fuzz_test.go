//go:build !model

package spsc_test

import (
	"slices"
	"testing"

	"github.com/litesync/litesync/lockfree/spsc"
)

// FuzzOperations runs a sequence of operations from both ends, on one
// goroutine, and compares each result with a slice. Blocking methods get a done
// context, so that they run all their code and return.
func FuzzOperations(f *testing.F) {
	f.Add([]byte("\x03\x00\x11\x22\x33\x44\x55\x66\x77\x88\x99\xaa\xbb\xcc\xdd\xee\xff"))
	f.Add([]byte("\x02\x10\x10\x10\x91\x80\x90\xa0\x62\x72\x83\xb3\xc1\xd1\xe1"))
	f.Add([]byte("\x01\x00\xf0\x80\x80\x00"))
	f.Add([]byte("\x04\x53\x62\x52\xf1\x61\x92\x80"))
	f.Fuzz(func(t *testing.T, ops []byte) {
		if len(ops) < 2 || len(ops) > 500 {
			return
		}
		capacity := 1 + int(ops[0]%8)
		s, r := spsc.New[*int](capacity)
		var queue []int // The model: what is in the channel,
		var closed bool // whether it is closed,
		reserved := 0   // and how many slots are reserved.
		next := 0
		value := func() *int { v := next; next++; return &v }
		values := func(n int) []*int {
			vs := make([]*int, n)
			for i := range vs {
				vs[i] = value()
			}
			return vs
		}
		check := func(what string, got, want any) {
			t.Helper()
			if got != want {
				t.Fatalf("%s: %v, want %v", what, got, want)
			}
		}
		// accept says what a send of vs does, and does it to the model.
		accept := func(vs []*int, full error) (int, error) {
			n := min(len(vs), capacity-len(queue))
			switch {
			case len(vs) == 0:
				return 0, nil
			case closed:
				return 0, spsc.ErrClosed
			}
			reserved = max(0, reserved-n)
			for _, v := range vs[:n] {
				queue = append(queue, *v)
			}
			if n < len(vs) {
				return n, full
			}
			return n, nil
		}
		none := func(empty error) error {
			if closed {
				return spsc.ErrClosed
			}
			return empty
		}
		take := func(got []*int) {
			t.Helper()
			for _, v := range got {
				check("value", *v, queue[0])
				queue = queue[1:]
			}
		}
		for _, b := range ops[1:] {
			n := int(b & 15)
			switch b >> 4 {
			case 0:
				v := value()
				_, want := accept([]*int{v}, spsc.ErrFull)
				check("TrySend", s.TrySend(v), want)
			case 1:
				v := value()
				_, want := accept([]*int{v}, errCause)
				check("SendContext", s.SendContext(done(), v), want)
			case 2:
				vs := values(n)
				k, want := accept(vs, spsc.ErrFull)
				got, err := s.TrySendSlice(vs)
				check("TrySendSlice", got, k)
				check("TrySendSlice", err, want)
			case 3:
				vs := values(n)
				k, want := accept(vs, errCause)
				got, err := s.SendSliceContext(done(), vs)
				check("SendSliceContext", got, k)
				check("SendSliceContext", err, want)
			case 4:
				if len(queue) < capacity || closed {
					v := value()
					_, want := accept([]*int{v}, nil)
					check("Send", s.Send(v), want)
				}
			case 5:
				a, b := s.Reserve(n)
				reserved = min(n, capacity-len(queue))
				if closed {
					reserved = 0
				}
				check("Reserve", len(a)+len(b), reserved)
			case 6:
				if closed {
					check("Commit", s.Commit(n), spsc.ErrClosed)
					break
				}
				n = min(n, reserved)
				vs := values(n)
				a, b := s.Reserve(reserved)
				copy(b, vs[copy(a, vs):])
				rest := reserved - n
				accept(vs, nil)
				reserved = rest
				check("Commit", s.Commit(n), nil)
			case 7:
				var w flag
				want := none(spsc.ErrFull)
				if !closed && len(queue) < capacity {
					want = nil
				}
				check("Sender.Poll", s.Poll(&w), want)
				want = nil
				if len(queue) == 0 {
					want = none(spsc.ErrEmpty)
				}
				check("Receiver.Poll", r.Poll(&w), want)
			case 8:
				v, err := r.TryRecv()
				if len(queue) == 0 {
					check("TryRecv", err, none(spsc.ErrEmpty))
				} else {
					check("TryRecv", err, nil)
					take([]*int{v})
				}
			case 9:
				v, err := r.RecvContext(done())
				if len(queue) == 0 {
					check("RecvContext", err, none(errCause))
				} else {
					check("RecvContext", err, nil)
					take([]*int{v})
				}
			case 10:
				dst := make([]*int, n)
				want := error(nil)
				if n > 0 && len(queue) == 0 {
					want = none(errCause)
				}
				got, err := r.RecvSliceContext(done(), dst)
				check("RecvSliceContext", got, min(n, len(queue)))
				check("RecvSliceContext", err, want)
				take(dst[:got])
			case 11:
				dst := make([]*int, n)
				want := error(nil)
				if n > len(queue) {
					want = none(errCause)
				}
				got, err := r.RecvFullContext(done(), dst)
				check("RecvFullContext", got, min(n, len(queue)))
				check("RecvFullContext", err, want)
				take(dst[:got])
			case 12:
				a, b := r.PeekSlice(n)
				k := min(n, len(queue))
				check("PeekSlice", len(a)+len(b), k)
				take(slices.Concat(a, b))
				check("Discard", r.Discard(k), k)
			case 13:
				if p, ok := r.Peek(); ok {
					check("Peek", **p, queue[0])
				} else {
					check("Peek", len(queue), 0)
				}
			case 14:
				if n == 0 {
					check("Clear", r.Clear(), len(queue))
					queue = nil
				} else {
					for v := range r.Drain() {
						take([]*int{v})
						if n--; n == 0 {
							break
						}
					}
				}
			case 15:
				if n == 0 {
					s.Close()
					closed = true
				} else if n == 1 {
					r.Close()
					closed = true
				}
			}
			check("Len", s.Len(), len(queue))
			check("Len", r.Len(), len(queue))
			check("Free", s.Free(), capacity-len(queue))
			check("Sender.Closed", s.Closed(), closed)
			check("Receiver.Closed", r.Closed(), closed && len(queue) == 0)
		}
	})
}
