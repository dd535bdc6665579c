//go:build model

package waker_test

import (
	"fmt"
	"testing"

	"github.com/litesync/litesync"
	"github.com/litesync/litesync/internal/model"
	"github.com/litesync/litesync/lockfree/waker"
)

// setWaits are the ways to get a source, which wait until there is one.
var setWaits = map[string]func(m *model.T, s *waker.Set) int{
	"Wait": func(_ *model.T, s *waker.Set) int { return s.Wait() },
	"WaitContext": func(m *model.T, s *waker.Set) int {
		ctx := m.Context()
		m.Go(ctx.Cancel)
		i, err := s.WaitContext(ctx)
		if err != nil {
			m.Assert(ctx.Err() != nil, "%v, but not cancelled", err)
			return s.Wait()
		}
		return i
	},
	"TryWait": func(_ *model.T, s *waker.Set) int {
		for {
			if i, ok := s.TryWait(); ok {
				return i
			}
			litesync.Pause()
		}
	},
	"Poll": func(m *model.T, s *waker.Set) int {
		var p waker.Parker
		for !s.Poll(&p) {
			p.Park()
			litesync.Pause() // It may have been woken without cause, again and again.
		}
		i, ok := s.TryWait()
		m.Assert(ok, "polled, and then not there")
		return i
	},
}

// Two wakers, of one source, of two in a word, of two in words of their own, and
// of two in groups of their own: each source is given, as often as it was woken
// at most, and what came before its wakes is seen.
func TestModelSet(t *testing.T) {
	for name, wait := range setWaits {
		for _, sources := range [][2]int{{0, 0}, {0, 1}, {0, 64}, {0, 4096}} {
			if sources[1] == 4096 && name != "Wait" { // It is large.
				continue
			}
			opts := model.Options{}
			if name == "WaitContext" && sources[1] > 0 { // It has a fourth thread.
				opts = model.AtMost(1)
			}
			t.Run(fmt.Sprintf("%s, %d", name, sources), func(t *testing.T) {
				model.Check(t, opts, func(m *model.T) {
					s := waker.NewSet(sources[1] + 1)
					var before [2]note
					for i, source := range sources {
						m.Go(func() {
							before[i].write()
							s.Waker(source).Wake()
						})
					}
					given := map[int]int{}
					first := wait(m, s)
					given[first]++
					if sources[0] != sources[1] {
						given[s.Wait()]++
						before[0].read(m)
						before[1].read(m)
					}
					m.Join()
					for i := range s.Drain() {
						given[i]++
					}
					before[0].read(m)
					before[1].read(m)
					for _, source := range sources {
						n := given[source]
						m.Assert(n == 1 || n == 2 && sources[0] == sources[1], "source %d given %d times", source, n)
					}
				})
			})
		}
	}
}

// A source that is woken again after it was given is given again, while its
// neighbour is woken.
func TestModelSetAgain(t *testing.T) {
	model.Check(t, model.AtMost(3), func(m *model.T) {
		s := waker.NewSet(2)
		var count litesync.Uint32
		m.Go(func() {
			for range 2 {
				count.Add(1)
				s.Waker(0).Wake()
			}
		})
		m.Go(s.Waker(1).Wake)
		for seen := uint32(0); seen < 2; {
			if s.Wait() == 0 {
				seen = count.LoadRelaxed() // The wake is behind the count.
			}
		}
	})
}

// A source whose Wake has returned is there for whoever does not wait, whatever
// becomes of a wake of another source: of its word, or of its group.
func TestModelSetTry(t *testing.T) {
	for _, other := range []int{1, 64} {
		model.Check(t, model.Options{}, func(m *model.T) {
			s := waker.NewSet(other + 1)
			var woken litesync.Uint32
			m.Go(s.Waker(other).Wake)
			m.Go(func() {
				s.Waker(0).Wake()
				woken.StoreRelease(1)
			})
			given := map[int]int{}
			for i := range s.Drain() {
				given[i]++
			}
			returned := woken.LoadAcquire() == 1
			for i := range s.Drain() {
				given[i]++
			}
			m.Assert(!returned || given[0] == 1, "source 0 given %d times", given[0])
		})
	}
}

// note is a payload that says what happened before.
type note struct{ set bool }

func (n *note) write() {
	litesync.WillWrite(n)
	n.set = true
}

func (n *note) read(m *model.T) {
	litesync.WillRead(n)
	m.Assert(n.set, "not set")
}
