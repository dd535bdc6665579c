//go:build model

package fanin_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/litesync/litesync"
	"github.com/litesync/litesync/internal/model"
	"github.com/litesync/litesync/lockfree/fanin"
	"github.com/litesync/litesync/lockfree/spsc"
	"github.com/litesync/litesync/lockfree/waker"
)

// check explores body. The preemption bound keeps it small.
func check(t *testing.T, preemptions int, body func(m *model.T)) {
	model.Check(t, model.AtMost(preemptions), body)
}

// add lets a producer join, for which there must be room.
func add(m *model.T, c *fanin.Consumer[int]) *spsc.Sender[int] {
	p, err := c.AddProducer()
	m.Assert(err == nil, "AddProducer: %v", err)
	return p
}

// inOrder fails unless got has 10, 11, … and 20, 21, …, each in order, as many
// as were accepted of each.
func inOrder(m *model.T, got []int, accepted ...int) {
	seen := make([]int, len(accepted))
	for _, v := range got {
		lane := v/10 - 1
		m.Assert(v%10 == seen[lane], "received %v", got)
		seen[lane]++
	}
	for lane, n := range accepted {
		m.Assert(seen[lane] == n, "%v accepted, received %v", accepted, got)
	}
}

// receives are the ways to receive up to n values, fewer only at the end.
var receives = map[string]func(m *model.T, c *fanin.Consumer[int], n int) []int{
	"Recv": recv,
	"RecvSlice": func(_ *model.T, c *fanin.Consumer[int], n int) (got []int) {
		var dst [2]int
		for len(got) < n {
			k, err := c.RecvSlice(dst[:min(len(dst), n-len(got))])
			if err != nil {
				break
			}
			got = append(got, dst[:k]...)
		}
		return got
	},
	"TryRecv": func(_ *model.T, c *fanin.Consumer[int], n int) (got []int) {
		for len(got) < n {
			v, err := c.TryRecv()
			switch err {
			case nil:
				got = append(got, v)
			case fanin.ErrEmpty:
				litesync.Pause()
			default:
				return got
			}
		}
		return got
	},
}

func recv(_ *model.T, c *fanin.Consumer[int], n int) (got []int) {
	for len(got) < n {
		v, ok := c.Recv()
		if !ok {
			break
		}
		got = append(got, v)
	}
	return got
}

// Two producers, one value each.
func TestModelTwoProducers(t *testing.T) {
	for name, receive := range receives {
		t.Run(name, func(t *testing.T) {
			check(t, 1, func(m *model.T) {
				c := fanin.New[int](1+m.Choose(2), 2)
				for i := range 2 {
					p := add(m, c)
					m.Go(func() { m.Assert(p.Send(10*i+10) == nil, "not sent") })
				}
				inOrder(m, receive(m, c, 2), 1, 1)
			})
		})
	}
}

// One producer, more values than there is room and than a turn has.
func TestModelOneProducer(t *testing.T) {
	for name, receive := range receives {
		t.Run(name, func(t *testing.T) {
			check(t, 1, func(m *model.T) {
				c := fanin.New[int](1+m.Choose(2), 1)
				p := add(m, c)
				m.Go(func() {
					for i := range 2 {
						m.Assert(p.Send(10+i) == nil, "not sent")
					}
				})
				inOrder(m, receive(m, c, 2), 2)
			})
		})
	}
}

// One value, then the end.
func TestModelEnd(t *testing.T) {
	for name, receive := range receives {
		t.Run(name, func(t *testing.T) {
			check(t, 1, func(m *model.T) {
				c := fanin.New[int](1, 1)
				p := add(m, c)
				c.Seal()
				m.Go(func() {
					m.Assert(p.Send(10) == nil, "not sent")
					p.Close()
				})
				inOrder(m, receive(m, c, 2), 1)
				m.Assert(c.Closed(), "not closed")
			})
		})
	}
}

// A Waker that is registered is woken by a value, by one from a lane that is new,
// and by the end.
func TestModelPoll(t *testing.T) {
	check(t, 1, func(m *model.T) {
		c := fanin.New[int](1, 1)
		what := m.Choose(3)
		var p *spsc.Sender[int]
		if what != 1 {
			p = add(m, c)
		}
		m.Go(func() {
			switch what {
			case 0:
				p.Send(10)
			case 1:
				add(m, c).Send(10)
			case 2:
				p.Close()
				c.Seal()
			}
		})
		var w waker.Parker
		err := c.Poll(&w)
		for ; err == fanin.ErrEmpty; err = c.Poll(&w) {
			w.Park()
			litesync.Pause() // It may be woken without cause.
		}
		m.Assert((err == nil) == (what < 2), "%v", err)
		v, end := c.TryRecv()
		m.Assert(end == err && (end != nil || v == 10), "%d, %v after %v", v, end, err)
	})
}

// The last producer leaves, and then nobody may join any more, or the other way
// around.
func TestModelSeal(t *testing.T) {
	check(t, 2, func(m *model.T) {
		c := fanin.New[int](1, 1)
		p := add(m, c)
		sealFirst := m.Choose(2) == 1
		m.Go(func() {
			if sealFirst {
				c.Seal()
			}
			p.Close()
			if !sealFirst {
				c.Seal()
			}
		})
		inOrder(m, recv(m, c, 1), 0)
		m.Assert(c.Closed(), "not closed")
	})
}

// A producer joins in the slot of one that leaves, while the consumer waits.
func TestModelJoin(t *testing.T) {
	check(t, 2, func(m *model.T) {
		c := fanin.New[int](1, 1)
		p := add(m, c)
		m.Go(func() {
			p.Close()
			p, err := c.AddProducer()
			for err == fanin.ErrProducers {
				litesync.Pause()
				p, err = c.AddProducer()
			}
			m.Assert(err == nil && p.Send(10) == nil, "not sent")
		})
		inOrder(m, recv(m, c, 1), 1)
	})
}

// Producers join at the same time, each in a slot of its own.
func TestModelJoinTogether(t *testing.T) {
	check(t, 2, func(m *model.T) {
		c := fanin.New[int](1, 2)
		for i := range 2 {
			m.Go(func() { m.Assert(add(m, c).TrySend(10*i+10) == nil, "not sent") })
		}
		m.Join()
		_, err := c.AddProducer()
		m.Assert(err == fanin.ErrProducers, "one too many: %v", err)
		var got []int
		for v := range c.Drain() {
			got = append(got, v)
		}
		inOrder(m, got, 1, 1)
	})
}

// Producers join while another leaves, and no more than there is room for.
func TestModelJoinAndLeave(t *testing.T) {
	check(t, 1, func(m *model.T) {
		c := fanin.New[int](1, 2)
		add(m, c).Close()
		joined := 0
		for range 2 {
			m.Go(func() {
				_, err := c.AddProducer()
				m.Assert(err == nil || err == fanin.ErrProducers, "%v", err)
				if err == nil {
					joined++
				}
			})
		}
		_, err := c.TryRecv()
		m.Assert(err == fanin.ErrEmpty, "%v", err)
		m.Join()
		c.TryRecv() // Now it has found the first lane closed.
		m.Assert(joined > 0, "none joined")
		for ; joined < 2; joined++ {
			add(m, c)
		}
		_, err = c.AddProducer()
		m.Assert(err == fanin.ErrProducers, "one too many: %v", err)
	})
}

// The consumer closes while a producer joins and sends: whoever waits for room
// wakes, what was accepted is received, and nothing else.
func TestModelConsumerCloses(t *testing.T) {
	for _, when := range []string{"before it joins", "before it sends"} {
		t.Run(when, func(t *testing.T) {
			check(t, 2, func(m *model.T) {
				c := fanin.New[int](1+m.Choose(2), 1)
				accepted := 0
				var p *spsc.Sender[int]
				if when == "before it sends" {
					p = add(m, c)
				}
				m.Go(func() {
					if p == nil {
						var err error
						if p, err = c.AddProducer(); err != nil {
							m.Assert(err == fanin.ErrClosed, "%v", err)
							return
						}
					}
					for i := range 2 {
						if p.Send(10+i) != nil {
							break
						}
						accepted++
					}
					p.Close()
				})
				c.Close()
				got := recv(m, c, 3)
				m.Join()
				for v := range c.Drain() {
					m.Assert(false, "%d came after the end", v)
				}
				inOrder(m, got, accepted)
				m.Assert(c.Closed(), "not closed")
			})
		})
	}
}

// Once Close has returned nothing more is accepted, from a producer that joins
// at the same time either.
func TestModelClosedToJoiners(t *testing.T) {
	model.Check(t, model.Options{}, func(m *model.T) {
		c := fanin.New[int](1, 1)
		var returned litesync.Uint32
		m.Go(func() {
			c.Close()
			returned.StoreRelease(1)
		})
		p, err := c.AddProducer()
		if err == nil && returned.LoadAcquire() == 1 {
			err = p.TrySend(10)
			m.Assert(err == spsc.ErrClosed, "%v", err)
		}
	})
}

// Two producers send, and the consumer closes meanwhile: what was accepted is
// received, and then the end.
func TestModelTwoProducersClosed(t *testing.T) {
	for capacity := 1; capacity <= 2; capacity++ {
		t.Run(fmt.Sprint(capacity), func(t *testing.T) {
			check(t, 1, func(m *model.T) {
				c := fanin.New[int](capacity, 2)
				var accepted [2]int
				for i := range accepted {
					p := add(m, c)
					m.Go(func() {
						if p.Send(10*i+10) == nil {
							accepted[i]++
						}
					})
				}
				c.Close()
				got := recv(m, c, 3)
				m.Join()
				inOrder(m, got, accepted[:]...)
				m.Assert(c.Closed() && c.Len() == 0, "not at the end")
			})
		})
	}
}

// Two producers leave, while the consumer waits for the end.
func TestModelTwoProducersLeave(t *testing.T) {
	check(t, 2, func(m *model.T) {
		c := fanin.New[int](1, 2)
		p, q := add(m, c), add(m, c)
		c.Seal()
		m.Go(p.Close)
		m.Go(q.Close)
		inOrder(m, recv(m, c, 1), 0, 0)
		m.Assert(c.Closed(), "not at the end")
	})
}

// What a producer was told is sent is there for a consumer that does not wait,
// whatever another producer is about to do.
func TestModelTry(t *testing.T) {
	check(t, 2, func(m *model.T) {
		c := fanin.New[int](1, 2)
		p, q := add(m, c), add(m, c)
		for range c.Drain() { // Finds both lanes empty.
		}
		var sent litesync.Uint32
		m.Go(func() { q.Send(20) })
		m.Go(func() {
			p.Send(10)
			sent.StoreRelease(1)
		})
		if sent.LoadAcquire() == 0 {
			return
		}
		var got []int
		for v := range c.Drain() {
			got = append(got, v)
		}
		m.Assert(slices.Contains(got, 10), "received %v", got)
	})
}

// A wait that is cancelled has no effect.
func TestModelCancel(t *testing.T) {
	check(t, 1, func(m *model.T) {
		c := fanin.New[int](1, 1)
		p := add(m, c)
		ctx := m.Context()
		m.Go(ctx.Cancel)
		m.Go(func() { p.Send(10) })
		v, err := c.RecvContext(ctx)
		if err != nil {
			m.Assert(ctx.Err() != nil, "%v, but not cancelled", err)
			var ok bool
			v, ok = c.Recv()
			m.Assert(ok, "closed")
		}
		m.Assert(v == 10 && c.Len() == 0, "received %d, %d left", v, c.Len())
	})
}

// What came before Seal happened before the end, and before AddProducer the
// first look at the lane.
func TestModelBefore(t *testing.T) {
	model.Check(t, model.Options{}, func(m *model.T) {
		c := fanin.New[int](1, 1)
		var note int
		m.Go(func() {
			litesync.WillWrite(&note)
			c.Seal()
		})
		if m.Choose(2) == 1 {
			c.Recv()
		} else if !c.Closed() {
			return
		}
		litesync.WillRead(&note)
	})
	model.Check(t, model.Options{}, func(m *model.T) {
		c := fanin.New[int](1, 1)
		m.Go(func() { add(m, c) })
		m.Assert(c.Len() == 0, "not empty")
	})
}
