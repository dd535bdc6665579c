package book

import (
	"cmp"
	"errors"
	"slices"
	"testing"

	"github.com/litesync/litesync/bench/gateway/internal/itch"
)

func add(ref uint64, side byte, shares, price uint32) itch.Message {
	return itch.Message{Type: itch.Add, Locate: 1, Ref: ref, Side: side, Shares: shares, Price: price}
}

func apply(t *testing.T, b *Books, ms ...itch.Message) {
	t.Helper()
	for _, m := range ms {
		if err := b.Apply(&m); err != nil {
			t.Fatalf("%+v: %v", m, err)
		}
		if err := b.Check(); err != nil {
			t.Fatalf("after %+v: %v", m, err)
		}
	}
}

func TestBest(t *testing.T) {
	b := New(0)
	s := b.Stock(1)
	want := func(bid, ask Level) {
		t.Helper()
		if s.BestBid() != bid || s.BestAsk() != ask {
			t.Errorf("best bid %v, ask %v, want %v, %v", s.BestBid(), s.BestAsk(), bid, ask)
		}
	}
	want(Level{}, Level{})
	apply(t, b, add(1, itch.Buy, 100, 9900), add(2, itch.Buy, 200, 9800), add(3, itch.Buy, 300, 9900), add(4, itch.Sell, 400, 10100), add(5, itch.Sell, 500, 10000))
	want(Level{9900, 400}, Level{10000, 500})
	apply(t, b, itch.Message{Type: itch.Execute, Ref: 5, Shares: 500})
	want(Level{9900, 400}, Level{10100, 400})
	apply(t, b, itch.Message{Type: itch.Cancel, Ref: 3, Shares: 100})
	want(Level{9900, 300}, Level{10100, 400})
	apply(t, b, itch.Message{Type: itch.Delete, Ref: 1}, itch.Message{Type: itch.Replace, Ref: 3, NewRef: 6, Shares: 50, Price: 9850})
	want(Level{9850, 50}, Level{10100, 400})
	if b.Open() != 3 {
		t.Errorf("%d open orders, want 3", b.Open())
	}
}

func TestBadMessagesChangeNothing(t *testing.T) {
	b := New(0)
	apply(t, b, add(1, itch.Buy, 100, 9900), add(2, itch.Sell, 100, 10000))
	sum := b.Sum()
	for _, c := range []struct {
		m    itch.Message
		want error
	}{
		{add(1, itch.Buy, 1, 1), ErrDuplicate},
		{add(3, itch.Buy, 0, 1), ErrShares},
		{itch.Message{Type: itch.Execute, Ref: 9, Shares: 1}, ErrUnknown},
		{itch.Message{Type: itch.Execute, Ref: 1, Shares: 101}, ErrShares},
		{itch.Message{Type: itch.Cancel, Ref: 1, Shares: 0}, ErrShares},
		{itch.Message{Type: itch.Delete, Ref: 9}, ErrUnknown},
		{itch.Message{Type: itch.Replace, Ref: 9, NewRef: 10, Shares: 1}, ErrUnknown},
		{itch.Message{Type: itch.Replace, Ref: 1, NewRef: 2, Shares: 1}, ErrDuplicate},
		{itch.Message{Type: itch.Replace, Ref: 1, NewRef: 10}, ErrShares},
	} {
		if err := b.Apply(&c.m); !errors.Is(err, c.want) {
			t.Errorf("%+v: %v, want %v", c.m, err, c.want)
		}
		if b.Sum() != sum {
			t.Fatalf("%+v changed the book", c.m)
		}
	}
}

// naive is the books as one would write them down: a list of orders.
type naive struct{ orders []itch.Message }

// apply changes the list as m says, and reports whether m makes sense.
func (n *naive) apply(m itch.Message) bool {
	find := func(ref uint64) int {
		return slices.IndexFunc(n.orders, func(o itch.Message) bool { return o.Ref == ref })
	}
	at := find(m.Ref)
	switch m.Type {
	case itch.Add:
		if at >= 0 || m.Shares == 0 {
			return false
		}
		n.orders = append(n.orders, m)
	case itch.Execute, itch.Cancel:
		if at < 0 || m.Shares == 0 || m.Shares > n.orders[at].Shares {
			return false
		}
		if n.orders[at].Shares -= m.Shares; n.orders[at].Shares == 0 {
			n.orders = slices.Delete(n.orders, at, at+1)
		}
	case itch.Delete:
		if at < 0 {
			return false
		}
		n.orders = slices.Delete(n.orders, at, at+1)
	case itch.Replace:
		if at < 0 || find(m.NewRef) >= 0 || m.Shares == 0 {
			return false
		}
		o := &n.orders[at]
		o.Ref, o.Shares, o.Price = m.NewRef, m.Shares, m.Price
	}
	return true
}

// side returns the levels of a stock, the best last.
func (n *naive) side(locate uint16, side byte) []Level {
	shares := map[uint32]uint64{}
	for _, o := range n.orders {
		if o.Locate == locate && o.Side == side {
			shares[o.Price] += uint64(o.Shares)
		}
	}
	var levels []Level
	for price, s := range shares {
		levels = append(levels, Level{price, s})
	}
	slices.SortFunc(levels, func(a, b Level) int {
		if side == itch.Sell {
			a, b = b, a
		}
		return cmp.Compare(a.Price, b.Price)
	})
	return levels
}

// compare reports the first difference between the books of the first stocks.
func (n *naive) compare(t *testing.T, b *Books, stocks uint16) {
	t.Helper()
	if b.Open() != len(n.orders) {
		t.Fatalf("%d orders are open, want %d", b.Open(), len(n.orders))
	}
	for i := range stocks {
		if got, want := b.Stock(i).bids, n.side(i, itch.Buy); !slices.Equal(got, want) {
			t.Fatalf("stock %d: bids %v, want %v", i, got, want)
		}
		if got, want := b.Stock(i).asks, n.side(i, itch.Sell); !slices.Equal(got, want) {
			t.Fatalf("stock %d: offers %v, want %v", i, got, want)
		}
	}
}

// The books are those of a list of orders.
func TestAgainstNaive(t *testing.T) {
	g := itch.NewGenerator(11, 3, 20_000)
	b, n := New(0), &naive{}
	count := 0
	for m := g.Next(); m != nil; m = g.Next() {
		if err := b.Apply(m); err != nil || !n.apply(*m) {
			t.Fatalf("message %d, %+v: %v", count, m, err)
		}
		if count++; count%50 == 0 {
			n.compare(t, b, 4)
		}
	}
	n.compare(t, b, 4)
}

// A generated day is valid: no message is refused, the books are sound and not
// crossed.
func TestGeneratedDay(t *testing.T) {
	const stocks, messages = 4, 50_000
	g := itch.NewGenerator(7, stocks, messages)
	b := New(0)
	n := 0
	for m := g.Next(); m != nil; m = g.Next() {
		if err := b.Apply(m); err != nil {
			t.Fatalf("message %d, %+v: %v", n, m, err)
		}
		if n++; n%10_000 == 0 {
			if err := b.Check(); err != nil {
				t.Fatal(err)
			}
		}
		for i := range uint16(stocks) {
			if bid, ask := b.Stock(i+1).BestBid(), b.Stock(i+1).BestAsk(); bid.Price >= ask.Price && ask.Price > 0 {
				t.Fatalf("message %d: stock %d has a bid of %d and an offer of %d", n, i+1, bid.Price, ask.Price)
			}
		}
	}
	if want := messages + stocks + 2; n != want {
		t.Errorf("%d messages, want %d", n, want)
	}
	if b.Open() == 0 {
		t.Error("no order is left open")
	}
}

// Whatever bytes come, the books are those of a list of orders.
func FuzzApply(f *testing.F) {
	var day []byte
	g := itch.NewGenerator(1, 2, 50)
	for m := g.Next(); m != nil; m = g.Next() {
		b := itch.Append(nil, m)
		day = append(append(day, byte(len(b))), b...)
	}
	f.Add(day)
	f.Fuzz(func(t *testing.T, b []byte) {
		books, naive := New(0), &naive{}
		for len(b) > 0 {
			n := min(int(b[0]), len(b)-1)
			var m itch.Message
			if itch.Decode(b[1:1+n], &m) == nil {
				m.Locate %= 8
				if err := books.Apply(&m); (err == nil) != naive.apply(m) {
					t.Fatalf("%+v: %v", m, err)
				}
				naive.compare(t, books, 8)
			}
			b = b[1+n:]
		}
		if err := books.Check(); err != nil {
			t.Error(err)
		}
	})
}
