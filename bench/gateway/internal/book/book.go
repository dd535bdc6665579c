// Package book keeps the order books of a few stocks from ITCH messages.
package book

import (
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"sort"

	"github.com/litesync/litesync/bench/gateway/internal/itch"
)

// Errors of Apply; the books are unchanged then.
var (
	ErrUnknown   = errors.New("book: order is not in the book")
	ErrDuplicate = errors.New("book: order is already in the book")
	ErrShares    = errors.New("book: more shares than the order has, or none")
)

// Level is the open shares at a price.
type Level struct {
	Price  uint32
	Shares uint64
}

// Book is one stock's. The best level of a side is its last, where levels come
// and go most.
type Book struct {
	bids, asks []Level
}

// BestBid returns the highest bid, zero if there is none.
func (b *Book) BestBid() Level { return best(b.bids) }

// BestAsk returns the lowest offer, zero if there is none.
func (b *Book) BestAsk() Level { return best(b.asks) }

func best(side []Level) Level {
	if len(side) == 0 {
		return Level{}
	}
	return side[len(side)-1]
}

type order struct {
	book   *Book
	price  uint32
	shares uint32
	buy    bool
}

// Books is all of them.
type Books struct {
	orders map[uint64]order
	stocks []*Book // by locate code
}

// New returns empty books, with room for so many open orders.
func New(open int) *Books { return &Books{orders: make(map[uint64]order, open)} }

// Stock returns the book of a locate code; it is made if need be.
func (b *Books) Stock(locate uint16) *Book {
	for len(b.stocks) <= int(locate) {
		b.stocks = append(b.stocks, &Book{})
	}
	return b.stocks[locate]
}

// Apply changes the books as m says. Messages that are not about orders do nothing.
func (b *Books) Apply(m *itch.Message) error {
	switch m.Type {
	case itch.Add:
		if _, ok := b.orders[m.Ref]; ok {
			return ErrDuplicate
		}
		if m.Shares == 0 {
			return ErrShares
		}
		b.add(m.Ref, order{b.Stock(m.Locate), m.Price, m.Shares, m.Side == itch.Buy})
	case itch.Execute, itch.Cancel:
		o, ok := b.orders[m.Ref]
		if !ok {
			return ErrUnknown
		}
		if m.Shares == 0 || m.Shares > o.shares {
			return ErrShares
		}
		o.change(-int64(m.Shares))
		if o.shares -= m.Shares; o.shares == 0 {
			delete(b.orders, m.Ref)
		} else {
			b.orders[m.Ref] = o
		}
	case itch.Delete:
		o, ok := b.orders[m.Ref]
		if !ok {
			return ErrUnknown
		}
		o.change(-int64(o.shares))
		delete(b.orders, m.Ref)
	case itch.Replace:
		o, ok := b.orders[m.Ref]
		if !ok {
			return ErrUnknown
		}
		if _, ok := b.orders[m.NewRef]; ok {
			return ErrDuplicate
		}
		if m.Shares == 0 {
			return ErrShares
		}
		o.change(-int64(o.shares))
		delete(b.orders, m.Ref)
		o.price, o.shares = m.Price, m.Shares
		b.add(m.NewRef, o)
	}
	return nil
}

func (b *Books) add(ref uint64, o order) {
	b.orders[ref] = o
	o.change(int64(o.shares))
}

// change adds d to the level of o, which comes and goes with its shares.
func (o *order) change(d int64) {
	side := &o.book.asks
	worse := func(l Level) bool { return l.Price > o.price }
	if o.buy {
		side = &o.book.bids
		worse = func(l Level) bool { return l.Price < o.price }
	}
	levels := *side
	// Most changes are near the best, at the end.
	i := len(levels)
	for i > 0 && !worse(levels[i-1]) {
		i--
	}
	if i == len(levels) || levels[i].Price != o.price {
		*side = slices.Insert(levels, i, Level{o.price, uint64(d)})
		return
	}
	levels[i].Shares += uint64(d)
	if levels[i].Shares == 0 {
		*side = slices.Delete(levels, i, i+1)
	}
}

// Check reports the first thing that is wrong with the books: levels out of
// order, or not the sum of their orders.
func (b *Books) Check() error {
	sums := map[*Book]map[bool]map[uint32]uint64{}
	for _, s := range b.stocks {
		sums[s] = map[bool]map[uint32]uint64{true: {}, false: {}}
	}
	for _, o := range b.orders {
		sums[o.book][o.buy][o.price] += uint64(o.shares)
	}
	for i, s := range b.stocks {
		for _, side := range []struct {
			buy    bool
			levels []Level
		}{{true, s.bids}, {false, s.asks}} {
			if !sort.SliceIsSorted(side.levels, func(i, j int) bool {
				return (side.levels[i].Price < side.levels[j].Price) == side.buy
			}) {
				return fmt.Errorf("book: levels of stock %d are out of order", i)
			}
			if len(side.levels) != len(sums[s][side.buy]) {
				return fmt.Errorf("book: stock %d has %d levels for %d prices", i, len(side.levels), len(sums[s][side.buy]))
			}
			for _, l := range side.levels {
				if l.Shares != sums[s][side.buy][l.Price] {
					return fmt.Errorf("book: stock %d has %d shares at %d, but orders for %d", i, l.Shares, l.Price, sums[s][side.buy][l.Price])
				}
			}
		}
	}
	return nil
}

// Sum is a checksum of all levels of all books.
func (b *Books) Sum() uint64 {
	h := fnv.New64a()
	for i, s := range b.stocks {
		fmt.Fprintln(h, i, s.bids, s.asks)
	}
	return h.Sum64()
}

// Open returns how many orders are open.
func (b *Books) Open() int { return len(b.orders) }
