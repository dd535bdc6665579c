package channel

import "github.com/litesync/litesync"

// # Exact close
//
// The sender publishes with a store, not with a read-modify-write, so a flag
// alone cannot say on which side of a Close by the receiver a send came. The
// cut does: the position in the stream at which it ends, decided once.
//
//	Receiver.Close                    a send
//	C1 items.state = closed           S1 publish: the producer's Pos = n
//	C2 full fence                     S2 full fence
//	C3 p = the producer's Pos         S3 look at items.state: open? return nil
//	C4 cut: undecided -> p            S4 cut: undecided -> n
//	                                  S5 accepted if cut = n, else ErrClosed
//
// If the sender is calm there is no S2, and C2 is a heavy fence, which stands
// for both; see condition.go. One of the fences is first. If it is S2, C3 sees n: a send that
// returns nil at S3 lies before the cut. If it is C2, S3 sees the flag, and the
// compare-and-swap C4 or S4 decides; the receiver then asks for nothing behind
// the cut, and the sender sends nothing more. No send returned nil between n
// and what C3 can see, for it would have seen the flag at S3. So cut is n or
// the Pos before this send, and all its values are accepted or none.
//
// The value of a Send that waits for room lies behind the cut, whoever decides:
// C4 and S4 take Pos for n - 1 if that is as much as fits. Both know what fits,
// because the receiver takes nothing from C1 until after C4.
//
// Sender.Close decides the cut before it closes, for it knows it: if none of its
// sends had to decide one, all have returned nil at S3, and no C3 that matters is
// without them. Whoever decides at the same time decides the same.
//
// Neither waits for the other. Close pays, a send only looks at a word that
// nobody writes until then.

// The values of Core.cut: undecided, or decided with the low half of the
// position, which is enough because no distance is above ring.MaxCapacity.
// Whoever closes, or sends and sees that the receiver has closed, moves it from
// undecided to decided. It never gets another value.
const (
	undecided = 0
	decided   = 1 << 32
)

func cutAt(pos uintptr) uint64 { return decided | uint64(uint32(pos)) }

// left returns how many values lie between the consumer's position and cut.
// There are none if the consumer has gone on meanwhile.
func left(cut uint64, pos uintptr) int { return int(max(0, int32(uint32(cut)-uint32(pos)))) }

// decide makes what the sender has published the cut, but for a value that it
// offers while it waits for room, unless there is a cut. It returns the cut.
func (c *Core) decide() uint64 {
	p := litesync.Published(&c.P)
	over := left(cutAt(p), litesync.Published(&c.C)) - c.Cap()
	// ORDERING: one of two that decide at once must win. Then relaxed; the cut
	// that the compare-and-swap has seen or made is the last.
	c.cut.CompareAndSwap(undecided, cutAt(p-uintptr(max(0, over))))
	return c.cut.LoadRelaxed()
}

// verdict returns ErrClosed if the receiver has closed before it could see what
// was sent last and signalled, or if that was too much.
func (s *Sender) verdict() error {
	// ORDERING: behind the fence in signal, or that of Receiver.Close if the sender
	// is calm; pairs with the swap there.
	if s.items.isOpen() || s.decide() == cutAt(litesync.Published(s.P())) {
		return nil
	}
	return ErrClosed
}

// close sets the second flag, and wakes whoever waits. The caller has set the
// first, which the sender finds if it publishes more than what can be seen when
// close returns, as far as the fence of this side alone does that.
func (c *Core) close() {
	// ORDERING: release, of what came before Close, to the acquire load in isOpen.
	c.room.state().StoreRelease(closed)
	// ORDERING: full fence; pairs with those of the waiter before it looks, and
	// with that in signal.
	litesync.FenceSeqCst()
	if c.items.parker.Waiting() {
		c.items.wake()
	}
	if c.room.parker.Waiting() {
		c.room.wake()
	}
}

// done reports whether the channel is closed and has a cut: another Close has
// nothing to do.
func (c *Core) done() bool {
	// ORDERING: the acquire in isOpen pairs with the release store in close, before
	// which the other flag is set. The cut relaxed; who needs more than that it is
	// there loads it again.
	return !c.room.isOpen() && c.cut.LoadRelaxed() != undecided
}

// Close ends the stream behind the last value that was accepted.
func (s *Sender) Close() {
	if s.done() {
		return
	}
	// ORDERING: relaxed; a cut that matters here is one that a send of this end has
	// seen.
	if s.cut.LoadRelaxed() == undecided {
		// ORDERING: release, for Len: the consumer's Pos is of no older time. A store,
		// because whoever decides at once stores the same.
		s.cut.StoreRelease(cutAt(litesync.Published(s.P())))
	}
	// ORDERING: release, of what came before Close, to the acquire load in isOpen.
	// A store, because nobody else makes this end calm.
	s.items.state().StoreRelease(closed)
	s.close()
}

// Close makes later sends fail, and decides which of those that run at the same
// time are accepted.
func (r *Receiver) Close() {
	if r.done() {
		return
	}
	// ORDERING: release, of what came before Close, to the acquire load in isOpen; a
	// swap, so that the sender is not calm afterwards.
	was := r.items().state().Swap(closed)
	r.close()
	if was == calm {
		// ORDERING: full fence on both sides, C2; pairs with itself, at some point
		// between the publication by the sender and its isCalm or after both.
		litesync.FenceHeavy()
	}
	r.decide()
}
