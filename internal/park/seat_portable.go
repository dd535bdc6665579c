//go:build (!go1.25 || go1.27 || aix || solaris || purego || race) && !model

package park

import "sync"

// seat holds what the goroutine sleeps on, made by its first sleep.
type seat struct {
	bed *bed
}

type bed struct {
	mu    sync.Mutex
	cond  sync.Cond
	awake bool // wake has come
}

// sleep blocks, unless a wake or a cancel has come since p was announced.
func (s *seat) sleep(p *Parker) {
	if s.bed == nil {
		s.bed = new(bed)
		s.bed.cond.L = &s.bed.mu
	}
	if !p.commit(1) {
		return
	}
	b := s.bed
	b.mu.Lock()
	for !b.awake {
		b.cond.Wait()
	}
	b.awake = false
	b.mu.Unlock()
}

// wake gets the sleeper up. The caller is the one that moved the state on from
// asleep, so there is one in the seat and nobody else touches it.
func (s *seat) wake(uint64) {
	b := s.bed
	b.mu.Lock()
	b.awake = true
	b.mu.Unlock()
	b.cond.Signal()
}

func canSpin(int) bool { return false }

const canYield = false

func yield() {}
