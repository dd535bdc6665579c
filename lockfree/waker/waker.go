// Package waker has the ways to get somebody to look again: a Parker wakes the
// goroutine that sleeps on it, a Chan makes a channel readable, a Func is
// called; an Atomic is the cell in which one side leaves its Waker for the
// other; and a Set lets one goroutine wait for any of many.
//
// A wake says nothing but "look again": it may come without cause, and several
// may be one.
package waker

// Waker is what a Poll method leaves behind, to be woken when it is worth to
// poll again. Wake may be called from any goroutine, more than once, and
// without cause. It must not block. It may be called by the goroutine that
// polls, within Poll.
type Waker interface {
	Wake()
}

// Func is a function as a Waker.
type Func func()

// Wake calls f.
func (f Func) Wake() { f() }

// Chan is a Waker that makes a channel readable, for use in a select. A Chan is
// made by NewChan. Its channel holds one wake at most.
type Chan struct {
	c chan struct{}
}

// NewChan returns a Chan that has not been woken.
func NewChan() *Chan {
	return &Chan{make(chan struct{}, 1)}
}

// C returns the channel. A receive from it takes the wake. The channel is never
// closed.
func (c *Chan) C() <-chan struct{} { return c.c }

// When returns C, and wakes it at once if ready. With it a channel that can be
// polled is one case among others in a select:
//
//	case <-c.When(receiver.Poll(c) != spsc.ErrEmpty):
//		v, err := receiver.TryRecv() // ErrEmpty if c was woken without cause
//
// The select polls before it waits, so either there is something or c is
// registered. It is for polls that do not take what they find.
func (c *Chan) When(ready bool) <-chan struct{} {
	if ready {
		c.Wake()
	}
	return c.c
}

// Wake makes C readable once, if it is not yet. It does not block, and may be
// called from any goroutine.
func (c *Chan) Wake() {
	select {
	case c.c <- struct{}{}:
	default:
	}
}
