//go:build model

package park

import "github.com/litesync/litesync/internal/model"

// Pool keeps values for use again, within one execution.
type Pool[T any] struct{ pool model.Pool }

// Get returns a value that was put back, or nil.
func (p *Pool[T]) Get() *T {
	v, _ := p.pool.Get().(*T)
	return v
}

// Put gives back a value that the caller has no more use for.
func (p *Pool[T]) Put(v *T) { p.pool.Put(v) }
