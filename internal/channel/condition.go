package channel

import (
	"unsafe"

	"github.com/litesync/litesync"
	"github.com/litesync/litesync/internal/park"
	"github.com/litesync/litesync/lockfree/waker"
	"github.com/litesync/litesync/pad"
)

// # The fence between a step and the look at the other end
//
// A step publishes, then looks whether the other end waits or has closed. Who
// waits or closes announces it, then looks at what is published. With a full
// fence between the two on both sides, one of them sees the other.
//
// The fence of the step makes it wait until the other processor gives up the
// cache lines that were written: in a dense stream as long as the rest of the
// step takes. So an end that has not had to wake anybody for calmAfter steps
// becomes calm, and goes without. Who announces anything to a calm end makes it
// fence again, and pays for both sides with litesync.FenceHeavy. That takes up to
// some microseconds and interrupts the other processor, but calmAfter steps have
// spent as much on fences before it. Where the operating system has no heavy
// fence no end becomes calm.
//
// The end that becomes calm says so, fences and looks; the one that announces
// does that, fences and looks whether the other is calm. Again one sees the
// other.

// The values of condition.state(). The channel is open up to calm.
const (
	// alert: the end that signals fences and looks whether the other end waits.
	// That end moves on to calm; whoever closes, to closed.
	alert = iota
	// calm: the end that signals does neither. The end that waits moves it back to
	// alert before it sleeps; whoever closes moves on to closed.
	calm
	// closed: as alert, and an end has closed. It stays so.
	closed
)

// condition is what one end waits for and the other one signals: that there are
// items, or that there is room. It stands behind the index of the end that
// signals, where the one that waits polls anyway. Its state is the Notice in that
// index.
type condition struct {
	// since belongs to the end that signals: its position, the low half, when it
	// last had somebody to wake or became calm.
	since uint32
	// strategy is how the end that waits does it, which so finds it where it polls.
	strategy Strategy
	// parker says whether the end that waits sleeps, has polled or does neither.
	parker park.Parker
	// waker is whom to wake if it has polled.
	waker waker.Atomic
}

// state is one of the values above.
func (e *condition) state() *litesync.Uint32 {
	return litesync.Notice((*pad.Index)(unsafe.Add(unsafe.Pointer(e), -behind)))
}

// behind is how far a condition is behind the index.
const behind = int(unsafe.Offsetof(Core{}.items) - unsafe.Offsetof(Core{}.P))

var _ = [1]struct{}{}[int(unsafe.Offsetof(Core{}.room)-unsafe.Offsetof(Core{}.C))-behind]

// isOpen reports whether the channel is open, as far as the caller has seen.
func (e *condition) isOpen() bool {
	// ORDERING: acquire, of what came before Close; pairs with the swap and the
	// stores in both Close. Who needs to know for sure asks behind a fence.
	return e.state().LoadAcquire() <= calm
}

// isCalm reports whether a step needs no signal.
func (e *condition) isCalm() bool {
	// ORDERING: relaxed; without a fence in between, the step that was published
	// before pairs with the FenceHeavy in disturb and Receiver.Close.
	return e.state().LoadRelaxed() == calm
}

// signal wakes whoever waits for a step to pos, which has been published.
func (e *condition) signal(pos uintptr) {
	// ORDERING: full fence; pairs with the one between the announcement, in
	// park or in close, and the look at what is published.
	litesync.FenceSeqCst()
	switch {
	case e.parker.Waiting():
		e.since = uint32(pos)
		e.wake()
	case uint32(pos)-e.since >= calmAfter():
		e.since = uint32(pos)
		e.becomeCalm()
	}
}

func (e *condition) becomeCalm() {
	// ORDERING: a compare-and-swap, so that closed stays.
	if !litesync.CanFenceHeavy() || !e.state().CompareAndSwap(alert, calm) {
		return
	}
	// ORDERING: full fence; pairs with that of the waiter before it looks at what
	// is published and then, in disturb, at state.
	litesync.FenceSeqCst()
	if e.parker.Waiting() {
		// ORDERING: as above; others need not see it soon.
		e.state().CompareAndSwap(calm, alert)
		e.wake()
	}
}

// disturb is for the end that waits, when it has announced that, fenced and
// found nothing. It makes sure that the other end will see the announcement, and
// reports whether it has to look once more.
func (e *condition) disturb() bool {
	// ORDERING: relaxed; behind the fence.
	if e.state().LoadRelaxed() != calm {
		return false
	}
	// ORDERING: a compare-and-swap, so that closed stays.
	e.state().CompareAndSwap(calm, alert)
	// ORDERING: full fence on both sides; pairs with itself, at some point between
	// the publication by the calm end and its isCalm, or before or after both.
	fenceHeavy()
	return true
}

// wake wakes whoever waits. The caller has fenced since the change that makes it
// worth while.
func (e *condition) wake() {
	if e.parker.Wake() {
		e.waker.Wake()
	}
}
