//go:build model

package park

import (
	"context"
	"time"

	"github.com/litesync/litesync/internal/model"
)

// limit is what ends a wait early: a context or a deadline. In a model the
// explorer chooses when either does.
type limit struct {
	ctx      context.Context
	deadline time.Time // no matter when
	time     model.Deadline
}

// over reports whether the wait is to end.
func (l *limit) over() bool {
	if l.ctx != nil {
		return l.ctx.Err() != nil
	}
	return l.time.Passed()
}

// start has p cancelled when the limit is reached, unless stop is called before.
// stop is nil if that will never be.
func (l *limit) start(p *Parker) (stop func() bool) {
	if l.ctx == nil {
		return l.time.AfterFunc(p.cancel)
	}
	if l.ctx.Done() == nil {
		return nil
	}
	return l.ctx.(*model.Context).AfterFunc(p.cancel)
}
