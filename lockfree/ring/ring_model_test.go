//go:build model

package ring_test

import (
	"slices"
	"testing"

	"github.com/litesync/litesync"
	"github.com/litesync/litesync/internal/model"
	"github.com/litesync/litesync/lockfree/ring"
)

type (
	producer = ring.Producer[*int]
	consumer = ring.Consumer[*int]
)

// In these models the producer sends what *sent counts up to, and the consumer
// appends what it takes to got. Each operation is tried once: that it fails
// when the ring is full or empty is an execution like another.
var (
	produce = map[string]func(p *producer, next func() *int, sent *int){
		"Push": func(p *producer, next func() *int, sent *int) {
			if p.Push(next()) {
				*sent++
			}
		},
		"PushSlice": func(p *producer, next func() *int, sent *int) {
			a := next()
			*sent++
			b := next()
			*sent--
			*sent += p.PushSlice([]*int{a, b})
		},
		"Commit": func(p *producer, next func() *int, sent *int) {
			first, second := p.Reserve(2)
			for _, s := range [][]*int{first, second} {
				for i := range s {
					s[i] = next()
					*sent++
				}
			}
			p.Commit(len(first) + len(second))
		},
	}
	consume = map[string]func(c *consumer, got *[]int){
		"Pop": func(c *consumer, got *[]int) {
			if v, ok := c.Pop(); ok {
				*got = append(*got, *v)
			}
		},
		"PopSlice": func(c *consumer, got *[]int) {
			dst := make([]*int, 2)
			for _, v := range dst[:c.PopSlice(dst)] {
				*got = append(*got, *v)
			}
		},
		"Peek": func(c *consumer, got *[]int) {
			if v, ok := c.Peek(); ok {
				*got = append(*got, **v)
				c.Discard(1)
			}
		},
		"PeekSlice": func(c *consumer, got *[]int) {
			first, second := c.PeekSlice(2)
			for _, v := range append(slices.Clone(first), second...) {
				*got = append(*got, *v)
			}
			c.Discard(len(first) + len(second))
		},
		"Drain": func(c *consumer, got *[]int) {
			for v := range c.Drain() {
				*got = append(*got, *v)
			}
		},
	}
)

// TestModelOrder: every operation of one end against every one of the other:
// what was accepted arrives, whole, once and in order, and nothing else.
func TestModelOrder(t *testing.T) {
	times := 3 + model.Deeper()
	for _, capacity := range []int{1, 2} {
		for in, push := range produce {
			for out, pop := range consume {
				t.Run(in+out+string(rune('0'+capacity)), func(t *testing.T) {
					model.Check(t, model.Options{}, func(m *model.T) {
						p, c := ring.NewAt[*int](capacity, ^uintptr(0)) // The positions wrap around.
						sent := 0
						var got []int
						m.Go(func() {
							next := func() *int { v := sent; return &v }
							for range times {
								push(p, next, &sent)
							}
						})
						for range times {
							pop(c, &got)
						}
						m.Join()
						for v := range c.Drain() {
							got = append(got, *v)
						}
						m.Assert(len(got) == sent, "%d sent, %v received", sent, got)
						for i, v := range got {
							m.Assert(v == i, "received %v", got)
						}
					})
				})
			}
		}
	}
}

// TestModelLen: Len tells of a number of items that there has been.
func TestModelLen(t *testing.T) {
	model.Check(t, model.Options{}, func(m *model.T) {
		p, c := ring.NewAt[int](2, ^uintptr(0))
		m.Go(func() {
			for range 2 {
				for !p.Push(1) {
				}
			}
		})
		m.Go(func() {
			n := p.Len()
			m.Assert(n <= 2 && n >= 0, "Len is %d", n)
		})
		c.Pop()
		c.Pop()
	})
	model.Check(t, model.Options{}, func(m *model.T) {
		p, c := ring.New[int](2)
		m.Go(func() { p.Push(1) })
		m.Go(func() { c.Pop() })
		n := c.Len()
		m.Assert(n <= 1, "Len is %d, but there was never more than one", n)
	})
}

// TestModelPos: what was done before the step that Pos shows happened before.
func TestModelPos(t *testing.T) {
	model.Check(t, model.Options{}, func(m *model.T) {
		p, c := ring.New[int](1)
		var before [2]int
		m.Go(func() {
			litesync.WillWrite(&before[0])
			before[0] = 7
			p.Push(1)
		})
		m.Go(func() {
			if p.Pos() == 1 {
				litesync.WillRead(&before[0])
				m.Assert(before[0] == 7, "read %d", before[0])
			}
			if c.Pos() == 1 {
				litesync.WillRead(&before[1])
				m.Assert(before[1] == 8, "read %d", before[1])
			}
		})
		litesync.WillWrite(&before[1])
		before[1] = 8
		c.Pop()
	})
}
