//go:build (!go1.25 || go1.27 || aix || solaris || purego || race || litesyncdebug) && !model

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
	}
	if p.commit(1) {
		s.bed.sleep()
	}
}

// wake gets the sleeper up. The caller is the one that moved the state on from
// asleep, so there is one in the seat and nobody else touches it.
func (s *seat) wake(uint64) { s.bed.wake() }

// Sleep blocks until Wake, unless fall returns false.
func (b *Bed) Sleep() {
	if b.fall() {
		b.sleep()
	}
}

// Wake gets the sleeper up. Call it once for each fall that returns true.
func (b *Bed) Wake() { b.wake() }

func (b *bed) sleep() {
	b.mu.Lock()
	b.cond.L = &b.mu
	for !b.awake {
		b.cond.Wait()
	}
	b.awake = false
	b.mu.Unlock()
}

func (b *bed) wake() {
	b.mu.Lock()
	b.awake = true
	b.cond.Signal() // Inside, so that it does not meet the next one who sleeps here.
	b.mu.Unlock()
}

func canSpin(int) bool { return false }

const canYield = false

func yield() {}

func dice() uint32 { return 0 }
