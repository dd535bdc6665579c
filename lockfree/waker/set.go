package waker

import (
	"context"
	"fmt"
	"iter"
	"math/bits"

	"github.com/litesync/litesync"
	"github.com/litesync/litesync/internal/misuse"
	"github.com/litesync/litesync/internal/park"
	"github.com/litesync/litesync/pad"
)

// MaxSources is the largest capacity of a Set.
const MaxSources = 1 << 16

// Set lets one goroutine wait for any of many sources. A source is an index and
// a Waker: whoever wakes it makes the source ready, and the waiter is given its
// index. What that costs does not depend on how many sources there are.
//
// A source that is ready is given once, however often it was woken before; a
// wake that comes after it was given makes it ready again. What was done before
// a Wake happened before the call that gives its source. No source starves: from
// its wake until it is given, every other source is given twice at most.
//
// All sources are there from the start, and one that nobody wakes costs nothing
// but 16 bytes. Which index is whose is up to the caller; who uses one again may
// be given a wake that was meant for its last user.
//
// One goroutine at a time may call the methods that wait; another may take over
// after a happens-before hand-off. Any goroutine may wake. Nothing allocates but
// NewSet, and a wait that sleeps with a context that can be done. Wait and its
// twins may spin for a short while before they sleep.
//
// It is a bitmap in two layers: a bit for each source, and one for each word of
// such bits.
type Set struct {
	_       noCopy
	sources []source
	ready   []litesync.Uint64 // a bit for each source; see below
	groups  []litesync.Uint64 // a bit for each word of ready

	_      pad.Line
	parker park.Parker
	waker  Atomic // for Poll
	_      pad.Line

	// taken is what the waiter has taken and not yet given. It is the waiter's own.
	taken struct {
		sources, words uint64 // bits of ready[word], and of groups[group]
		word, group    int
	}
}

// noCopy makes go vet report copies.
type noCopy struct{}

func (*noCopy) Lock()   {}
func (*noCopy) Unlock() {}

// # States
//
// A word of ready is zero: none of its sources is ready; or not zero. A waker
// moves it from zero on and then sets its bit in groups, the waiter takes it back
// to zero. A word of groups is zero, or not: a waker moves it from zero on and
// then wakes the waiter if it sleeps, the waiter takes it back to zero and then
// takes each word of ready that it names.
//
// A waker that finds a word of ready not zero, and its bit set, is done: the
// waiter takes the word after it takes the bit, or has just taken that and is about
// to. If the bit is not set, who is to set it is on its way, or has the waiter just
// taken it; then it is set once more, so that a source whose Wake has returned is
// there for whoever looks. A waker that finds a word of groups not zero is done:
// whoever moved it from zero on wakes the waiter, or is about to.

// width is how many bits a word has.
const width = 64

// source is one Waker of a Set.
type source struct {
	set   *Set
	index uint32
}

// NewSet returns a Set with the sources 0 to capacity-1. It panics unless
// 1 <= capacity <= MaxSources.
func NewSet(capacity int) *Set {
	if capacity < 1 || capacity > MaxSources {
		panic(fmt.Sprintf("waker: NewSet: capacity %d is not between 1 and %d", capacity, MaxSources))
	}
	words := (capacity + width - 1) / width
	s := &Set{
		sources: make([]source, capacity),
		ready:   make([]litesync.Uint64, words),
		groups:  make([]litesync.Uint64, (words+width-1)/width),
	}
	for i := range s.sources {
		s.sources[i] = source{s, uint32(i)}
	}
	return s
}

// Cap returns the capacity. Any goroutine may call it.
func (s *Set) Cap() int { return len(s.sources) }

// Waker returns the Waker of source i, always the same. Its Wake is wait-free, and
// when it returns TryWait finds the source. A waiter that sleeps may be left to
// another wake at the same time, which is about to get it up. Any goroutine may
// call Waker and Wake. It panics unless 0 <= i < Cap.
func (s *Set) Waker(i int) Waker {
	if i < 0 || i >= len(s.sources) {
		panic(fmt.Sprintf("waker: Set.Waker: i is %d, not between 0 and %d", i, len(s.sources)-1))
	}
	return &s.sources[i]
}

// Wake makes the source ready.
func (x *source) Wake() {
	s, word := x.set, x.index/width
	group, bit := &s.groups[word/width], uint64(1)<<(word%width)
	// ORDERING: a read-modify-write even if the bit is set already, so that the
	// swap in take sees what each waker did before. The load is relaxed: if a swap
	// in take came before, so did the one in next, and this is not older.
	if s.ready[word].Or(1<<(x.index%width)) != 0 && group.LoadRelaxed()&bit != 0 {
		return
	}
	// ORDERING: behind the bit in ready; pairs with the swap in next, after which
	// take sees that bit.
	if group.Or(bit) != 0 {
		return
	}
	// ORDERING: full fence; pairs with the one of the waiter between its
	// announcement and its look at groups.
	litesync.FenceSeqCst()
	if s.parker.Waiting() && s.parker.Wake() {
		s.waker.Wake()
	}
}

// Wait waits until a source is ready and returns it.
func (s *Set) Wait() int {
	if misuse.On {
		defer misuse.Enter(s, "waker: Set.Wait")()
	}
	if !s.take() {
		s.parker.Wait("waker", s.take, nil)
	}
	return s.give()
}

// WaitContext is Wait that gives up when ctx is done and no source is ready, and
// then returns the cause. It panics if ctx is nil.
func (s *Set) WaitContext(ctx context.Context) (int, error) {
	if misuse.On {
		defer misuse.Enter(s, "waker: Set.WaitContext")()
	}
	if ctx == nil {
		panic("waker: Set.WaitContext: ctx is nil")
	}
	if !s.take() {
		if err := s.parker.WaitContext("waker", ctx, s.take, nil); err != nil {
			return 0, err
		}
	}
	return s.give(), nil
}

// TryWait returns a source that is ready, and whether there is one. It does not
// wait.
func (s *Set) TryWait() (int, bool) {
	if misuse.On {
		defer misuse.Enter(s, "waker: Set.TryWait")()
	}
	if !s.take() {
		return 0, false
	}
	return s.give(), true
}

// Poll reports whether a source is ready. If not, w is woken when one is. A later
// Poll or wait replaces the registration. It panics if w is nil.
func (s *Set) Poll(w Waker) bool {
	if misuse.On {
		defer misuse.Enter(s, "waker: Set.Poll")()
	}
	if w == nil {
		panic("waker: Set.Poll: w is nil")
	}
	if s.take() {
		return true
	}
	s.waker.Register(w)
	for s.parker.Poll("waker") { // A permit was left from an earlier wait.
	}
	return s.take()
}

// All iterates over the sources as they become ready, and waits for each. It
// ends when the caller breaks out.
func (s *Set) All() iter.Seq[int] {
	return func(yield func(int) bool) {
		for yield(s.Wait()) {
		}
	}
}

// Drain iterates over the sources that are ready until there is none, and does
// not wait.
func (s *Set) Drain() iter.Seq[int] {
	return func(yield func(int) bool) {
		for {
			if i, ok := s.TryWait(); !ok || !yield(i) {
				return
			}
		}
	}
}

// take sees to it that there are sources to give, if any is ready, and reports
// whether there are. What was taken is given before more is: that is what
// keeps sources from starving.
func (s *Set) take() bool {
	t := &s.taken
	for t.sources == 0 {
		if t.words == 0 && !s.next() {
			return false
		}
		t.word = t.group*width + bits.TrailingZeros64(t.words)
		t.words &= t.words - 1
		// ORDERING: a swap, so that no bit is lost; pairs with the Or in Wake: what
		// came before it happened before.
		t.sources = s.ready[t.word].Swap(0)
	}
	return true
}

// give returns one of the sources that were taken.
func (s *Set) give() int {
	t := &s.taken
	i := t.word*width + bits.TrailingZeros64(t.sources)
	t.sources &= t.sources - 1
	return i
}

// next takes the next word of groups that is not zero, in turn, and reports
// whether there is one.
func (s *Set) next() bool {
	t := &s.taken
	for range s.groups {
		if t.group++; t.group == len(s.groups) {
			t.group = 0
		}
		word := &s.groups[t.group]
		// ORDERING: relaxed; who is about to sleep has fenced before.
		if word.LoadRelaxed() != 0 {
			// ORDERING: a swap, so that no bit is lost; pairs with the Or in Wake,
			// which comes behind the one in ready.
			t.words = word.Swap(0)
			return true
		}
	}
	return false
}
