package channel

import (
	"context"
	"unsafe"

	"github.com/litesync/litesync"
	"github.com/litesync/litesync/internal/park"
)

// # How Send and Recv are inlined
//
// In package spsc each is an access to a slot around one call, which fits the limit
// for inlining: Send writes the slot that is next, and SendStep sends what stands
// there; RecvStep returns the slot that it has received, and Recv moves the value
// out. Both are assembly that does what send and recv do if that is little: the
// channel is open, there is room or a value, and the end is calm. For all else it
// jumps to the functions here, which take the same argument. Builds without
// assembly begin there.
//
// Whoever passes at its Recv, so that others run on the same P, is resumed where
// the CPU predicts none of the returns that come: it takes them for those of the
// goroutine that ran before. So recvPass calls the scheduler from assembly, with
// no function between, and on amd64 its own return is a jump (jumpBack). With a return
// a round trip at one P takes 1.08 times as long, and through recv 1.18 times.

// pointer is for the generated stubs, which import nothing.
type pointer = unsafe.Pointer

// send is SendStep without assembly: Send of what stands in the slot that is next.
func send(s *Sender) error {
	if !s.items.isOpen() {
		return ErrClosed
	}
	if _, ok := litesync.Advance(s.P()); ok {
		return s.Sent()
	}
	if s.room.strategy != Park {
		return sendSpinning(s)
	}
	litesync.Show(s.P(), 1) // Offers it, see wait.go. Here, and not in a call, because of the returns.
	if !s.items.isCalm() {
		s.items.signal(litesync.Published(s.P()))
	}
	start, may := s.room.parker.MayPass()
	if may {
		park.Pass()
	}
	if !may || !s.room.parker.Passed(start, s.hasRoom()) {
		s.room.parker.Wait("spsc", s.hasRoom, s.surelyHasRoom)
	}
	err := s.verdict()
	if err == nil {
		litesync.AdvanceBy(s.P(), 1)
	} else {
		litesync.Show(s.P(), 0)
	}
	return err
}

// sendSpinning is send for the strategies that do not sleep, when there was no room.
func sendSpinning(s *Sender) error {
	for {
		s.Wait(context.Background())
		if !s.items.isOpen() {
			return ErrClosed
		}
		if _, ok := litesync.Advance(s.P()); ok {
			return s.Sent()
		}
	}
}

// recv is RecvStep without assembly.
func recv(r *Receiver) pointer {
	if !r.room().isOpen() {
		slot, _ := r.Take()
		return slot
	}
	if !litesync.Blocked(r.C()) { // Cheaper than an Advance that finds nothing.
		if slot, ok := litesync.Advance(r.C()); ok {
			r.Taken()
			return slot
		}
	}
	if r.items().strategy != Park {
		return recvSpinning(r)
	}
	switch claim(r) {
	case mayPass:
		park.Pass()
		if slot, ok := litesync.Advance(r.C()); ok {
			return slot
		}
		return recvMissed(r)
	case mayTake:
		slot, _ := litesync.Advance(r.C())
		return slot
	}
	return recvClaimed(r)
}

// What is next after claim.
const (
	mustWait = iota
	mayPass  // in vain, perhaps
	mayTake
)

// claim makes room for one value more, see wait.go, and returns what is next. It
// passes itself if that is measured, as is one pass in some.
func claim(r *Receiver) uint8 {
	litesync.Show(r.C(), 1)
	if !r.room().isCalm() {
		r.room().signal(litesync.Published(r.C()))
	}
	start, may := r.items().parker.MayPass()
	switch {
	case !may:
		return mustWait
	case start == 0:
		return mayPass
	}
	park.Pass()
	if !r.items().parker.Passed(start, canStep(r.C())) {
		return mustWait
	}
	return mayTake
}

// recvMissed is recv after a pass in vain.
func recvMissed(r *Receiver) pointer {
	r.items().parker.Passed(0, false)
	return recvClaimed(r)
}

// recvClaimed is recv when it must wait.
func recvClaimed(r *Receiver) pointer {
	r.items().parker.Wait("spsc", r.hasItem, r.surelyHasItem)
	// There is a value, or the sender has closed, and the cut is behind what it
	// has sent.
	slot, _ := litesync.Advance(r.C())
	return slot
}

// recvSpinning is recv for the strategies that do not sleep, when there was no value.
func recvSpinning(r *Receiver) pointer {
	for {
		r.Wait(context.Background())
		if slot, err := r.Take(); err != ErrEmpty {
			return slot
		}
	}
}
