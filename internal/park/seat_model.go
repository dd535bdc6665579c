//go:build model

package park

import "github.com/litesync/litesync/internal/model"

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

func canSpin(int) bool { return false }

const canYield = false

func yield() {}
