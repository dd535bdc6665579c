package core

import "errors"

// The errors of oneshot and of lite.
var (
	ErrEmpty  = errors.New("oneshot: empty")
	ErrClosed = errors.New("oneshot: closed")
	ErrSent   = errors.New("oneshot: already sent")
)

// A state is what has happened to a channel. The ends compete for empty alone,
// with compare-and-swaps of the one word; a goroutine that waits is part of the
// word only in that state.
type state uint8

const (
	empty       state = iota // nothing yet, the ends may wait; either end leaves it
	sent                     // the value can be taken; the receiver leaves it
	taken                    // the value was taken; the receiver leaves it
	gone                     // the sender gave up without a value; the receiver leaves it
	sentClosed               // like sent, but the receiver has closed; the receiver leaves it
	takenClosed              // like taken, but the receiver has closed; for good
	closed                   // the receiver has closed, and nothing was sent before; for good
)

// Taken is where Leave goes from sent.
const Taken = taken

// states is the whole protocol. Beside it: Send goes from empty to sent, the
// sender's Close from empty to gone. An end that gets ErrEmpty may wait.
var states = [...]struct {
	send   error // what Send returns
	recv   error // what a receive returns; nil: the value
	waited error // what WaitClosed returns; Closed tells whether it is nil
	take   state // where a receive that takes the value goes
	close  state // where the receiver's Close goes
}{
	empty:       {send: nil, recv: ErrEmpty, waited: ErrEmpty, close: closed},
	sent:        {send: ErrSent, recv: nil, waited: ErrSent, take: taken, close: sentClosed},
	taken:       {send: ErrSent, recv: ErrClosed, waited: ErrSent, close: takenClosed},
	gone:        {send: ErrClosed, recv: ErrClosed, waited: ErrClosed, close: closed},
	sentClosed:  {send: ErrSent, recv: nil, waited: nil, take: takenClosed, close: sentClosed},
	takenClosed: {send: ErrSent, recv: ErrClosed, waited: nil, close: takenClosed},
	closed:      {send: ErrClosed, recv: ErrClosed, waited: nil, close: closed},
}

// A cell is what the word points to. Every state but empty has cells in static
// memory, one for each byte that can have been sent: the word carries a value
// without being anything else than a pointer, and all 256 of them are legal.
// An empty channel is a nil word, or a cell of the seat of an end that waits.
// A cell never changes.
type cell struct {
	seat  *seat // who waits; nil in static cells
	with  kind  // how the end opposite to seat's waits as well, in seat.other
	is    state
	value byte
}

var (
	valued    [2][256]cell // of sent and sentClosed
	valueless [closed + 1]cell
)

func init() {
	for v := range 256 {
		valued[0][v] = cell{is: sent, value: byte(v)}
		valued[1][v] = cell{is: sentClosed, value: byte(v)}
	}
	for s := range valueless {
		valueless[s].is = state(s)
	}
}

// cellOf returns the static cell of a state that is not empty.
func cellOf(s state, value byte) *cell {
	switch s {
	case sent:
		return &valued[0][value]
	case sentClosed:
		return &valued[1][value]
	}
	return &valueless[s]
}
