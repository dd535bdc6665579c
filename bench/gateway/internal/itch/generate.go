package itch

import (
	"fmt"
	"math/rand/v2"
)

// Generator makes a day of a few stocks, the same for the same seed: every
// execute, cancel, delete and replace is of an order that is there, for no more
// shares than it has, and the book is never crossed.
type Generator struct {
	rand   *rand.Rand
	m      Message
	stocks []stock
	live   []order // in no order
	ref    uint64
	match  uint64
	begun  int
	left   int
}

type stock struct {
	name [8]byte
	mid  uint32
}

type order struct {
	ref    uint64
	stock  int
	side   byte
	shares uint32
}

// tick is the step of prices: one cent.
const tick = 100

// maxLive is how many orders are open at once.
const maxLive = 20_000

// NewGenerator returns a Generator of messages many, besides the day's frame:
// the directory and the system events.
func NewGenerator(seed uint64, stocks, messages int) *Generator {
	g := &Generator{rand: rand.New(rand.NewPCG(seed, 1)), left: messages}
	g.m.Time = 34_200_000_000_000 // 9:30
	for i := range stocks {
		s := stock{mid: uint32(20+10*i) * 100 * tick}
		copy(s.name[:], fmt.Sprintf("TEST%-4d", i))
		g.stocks = append(g.stocks, s)
	}
	return g
}

// Next returns the next message, valid until the one after, or nil at the end of the day.
func (g *Generator) Next() *Message {
	g.m = Message{Time: g.m.Time + uint64(g.rand.IntN(50_000)), Tracking: g.m.Tracking + 1}
	switch at := g.begun; {
	case at == 0:
		g.m.Type, g.m.Event = SystemEvent, 'O'
		g.begun++
	case at <= len(g.stocks):
		g.m.Type, g.m.Locate, g.m.Stock = StockDirectory, uint16(at), g.stocks[at-1].name
		g.begun++
	case g.left > 0:
		g.left--
		g.trade()
	case g.left == 0:
		g.left--
		g.m.Type, g.m.Event = SystemEvent, 'C'
	default:
		return nil
	}
	return &g.m
}

// trade fills in a message about an order. The mix is about that of a real day:
// mostly adds and deletes, few executions.
func (g *Generator) trade() {
	p := g.rand.IntN(100)
	switch n := len(g.live); {
	case n < 100 || n < maxLive && p < 45:
		g.add()
	case p < 85:
		i := g.pick()
		g.m.Type, g.m.Ref = Delete, g.live[i].ref
		g.remove(i)
	case p < 90:
		g.replace()
	case p < 95:
		g.take(Execute)
		g.match++
		g.m.Match = g.match
	default:
		g.take(Cancel)
	}
}

// price returns a price on a side of the stock's middle, mostly near it.
func (g *Generator) price(stock int, side byte) uint32 {
	depth := uint32(1+min(g.rand.IntN(20), g.rand.IntN(20))) * tick
	if side == Buy {
		return g.stocks[stock].mid - depth
	}
	return g.stocks[stock].mid + depth
}

func (g *Generator) add() {
	g.ref++
	o := order{ref: g.ref, stock: g.rand.IntN(len(g.stocks)), side: Buy, shares: uint32(1+g.rand.IntN(10)) * 100}
	if g.rand.IntN(2) == 0 {
		o.side = Sell
	}
	g.live = append(g.live, o)
	g.m.Type, g.m.Ref, g.m.Side, g.m.Shares = Add, o.ref, o.side, o.shares
	g.m.Locate, g.m.Stock, g.m.Price = uint16(o.stock+1), g.stocks[o.stock].name, g.price(o.stock, o.side)
}

func (g *Generator) replace() {
	o := &g.live[g.pick()]
	g.ref++
	g.m.Type, g.m.Ref, g.m.NewRef = Replace, o.ref, g.ref
	o.ref, o.shares = g.ref, uint32(1+g.rand.IntN(10))*100
	g.m.Shares, g.m.Price = o.shares, g.price(o.stock, o.side)
}

// take executes or cancels a part of an order, or all of it.
func (g *Generator) take(typ byte) {
	i := g.pick()
	o := &g.live[i]
	n := uint32(1+g.rand.IntN(int(o.shares/100))) * 100
	if typ == Cancel && n == o.shares && n > 100 {
		n -= 100 // The whole is what Delete is for.
	}
	o.shares -= n
	g.m.Type, g.m.Ref, g.m.Shares = typ, o.ref, n
	if o.shares == 0 {
		g.remove(i)
	}
}

// pick chooses an order, and names its stock in the message.
func (g *Generator) pick() int {
	i := g.rand.IntN(len(g.live))
	g.m.Locate = uint16(g.live[i].stock + 1)
	return i
}

func (g *Generator) remove(i int) {
	last := len(g.live) - 1
	g.live[i] = g.live[last]
	g.live = g.live[:last]
}
