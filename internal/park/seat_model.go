//go:build model

package park

import (
	"github.com/litesync/litesync"
	"github.com/litesync/litesync/internal/model"
)

// seat holds the sleeping thread of a model. Nobody can sleep outside of one.
type seat struct {
	g *model.G
}

// sleep blocks, unless a wake or a cancel has come since p was announced.
func (s *seat) sleep(p *Parker) {
	litesync.WillWrite(&s.g)
	s.g = model.Self()
	model.Sleep(p.commit)
}

// wake readies the sleeper.
func (s *seat) wake() {
	litesync.WillRead(&s.g)
	model.Wake(s.g)
}

// canSpin says no: a round of spinning before the sleep is the look before it
// once more.
func canSpin(int) bool { return false }
