//go:build model

package park

import (
	"github.com/litesync/litesync"
	"github.com/litesync/litesync/internal/model"
)

// seat needs no memory, as in seat_runtime.go. Nobody can sleep outside of a
// model.
type seat struct{}

// sleep blocks, unless a wake or a cancel has come since p was announced.
func (seat) sleep(p *Parker) {
	me := model.Self()
	model.Sleep(func() bool { return p.commit(uint64(me.ID() + 1)) })
}

// wake readies the sleeper.
func (seat) wake(sleeper uint64) { model.Wake(model.Thread(int(sleeper - 1))) }

// bed holds the sleeping thread.
type bed struct{ g *model.G }

// Sleep blocks until Wake, unless fall returns false.
func (b *Bed) Sleep() {
	litesync.WillWrite(&b.g)
	b.g = model.Self()
	model.Sleep(b.fall)
}

// Wake gets the sleeper up. Call it once for each fall that returns true.
func (b *Bed) Wake() {
	litesync.WillRead(&b.g)
	model.Wake(b.g)
}

func canSpin(int) bool { return false }

const canYield = false

func yield() {}

func dice() uint32 { return 0 }
