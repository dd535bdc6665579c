package book

import (
	"errors"
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

// Whatever bytes come, the books stay sound.
func FuzzApply(f *testing.F) {
	var day []byte
	g := itch.NewGenerator(1, 2, 50)
	for m := g.Next(); m != nil; m = g.Next() {
		b := itch.Append(nil, m)
		day = append(append(day, byte(len(b))), b...)
	}
	f.Add(day)
	f.Fuzz(func(t *testing.T, b []byte) {
		books := New(0)
		for len(b) > 0 {
			n := min(int(b[0]), len(b)-1)
			var m itch.Message
			if itch.Decode(b[1:1+n], &m) == nil {
				m.Locate %= 8
				sum := books.Sum()
				if err := books.Apply(&m); err != nil && books.Sum() != sum {
					t.Fatalf("%+v: %v, but the book changed", m, err)
				}
			}
			b = b[1+n:]
		}
		if err := books.Check(); err != nil {
			t.Error(err)
		}
	})
}
