//go:build !model

package park

import (
	"context"
	"time"
)

// limit is what ends a wait early: a context or a deadline.
type limit struct {
	ctx      context.Context
	deadline time.Time
}

// over reports whether the wait is to end.
func (l *limit) over() bool {
	if l.ctx != nil {
		return l.ctx.Err() != nil
	}
	return !time.Now().Before(l.deadline)
}

// start has p cancelled when the limit is reached, unless stop is called before.
// stop is nil if that will never be.
func (l *limit) start(p *Parker) (stop func() bool) {
	if l.ctx == nil {
		return time.AfterFunc(time.Until(l.deadline), p.cancel).Stop
	}
	if l.ctx.Done() == nil {
		return nil
	}
	return context.AfterFunc(l.ctx, p.cancel)
}
