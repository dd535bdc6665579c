package main

import (
	"hash/crc64"

	"github.com/litesync/litesync/bench/gateway/internal/book"
	"github.com/litesync/litesync/bench/gateway/internal/itch"
	"github.com/litesync/litesync/bench/gateway/internal/ouch"
)

// strategy keeps the books and decides on orders. What it decides depends on
// the messages alone, so that every run of a day gives the same orders.
type strategy struct {
	books *book.Books
	rest  [1 << 16]int32 // messages of a stock until it may be ordered again
	token uint64
}

// lull is how many messages of a stock follow an order before the next.
const lull = 20

func newStrategy() *strategy { return &strategy{books: book.New(1 << 16)} }

// apply takes one message, and reports whether there is an order to send.
func (s *strategy) apply(m *itch.Message, o *ouch.Order) (bool, error) {
	if err := s.books.Apply(m); err != nil {
		return false, err
	}
	if s.rest[m.Locate] > 0 {
		s.rest[m.Locate]--
		return false, nil
	}
	b := s.books.Stock(m.Locate)
	bid, ask := b.BestBid(), b.BestAsk()
	if bid.Shares == 0 || ask.Shares == 0 {
		return false, nil
	}
	// A quarter more on one side: go with it.
	*o = ouch.Order{Shares: 100, Stock: m.Stock}
	switch {
	case 4*bid.Shares > 5*ask.Shares:
		o.Side, o.Price = itch.Buy, ask.Price
	case 4*ask.Shares > 5*bid.Shares:
		o.Side, o.Price = itch.Sell, bid.Price
	default:
		return false, nil
	}
	s.rest[m.Locate] = lull
	s.token++
	o.Token = s.token
	return true, nil
}

// outcome is what a day must come to, however it was transported.
type outcome struct {
	Book      uint64 `json:"book"` // checksum of all levels
	Orders    int    `json:"orders"`
	OrdersSum uint64 `json:"orders_sum"`
}

// orderSum is a checksum of orders in sequence.
type orderSum struct {
	sum uint64
	buf []byte
}

var crcTable = crc64.MakeTable(crc64.ECMA)

func (s *orderSum) add(o *ouch.Order) {
	s.buf = ouch.AppendOrder(s.buf[:0], o)
	s.sum = crc64.Update(s.sum, crcTable, s.buf)
}
