//go:build !model

package park

import "sync"

// Pool keeps values for use again. A late wake meant for the last user of
// a value with a Parker may reach the next one, which may so have, or get,
// a permit without cause. The zero value is ready.
type Pool[T any] struct{ pool sync.Pool }

// Get returns a value that was put back, or nil.
func (p *Pool[T]) Get() *T {
	v, _ := p.pool.Get().(*T)
	return v
}

// Put gives back a value that the caller has no more use for.
func (p *Pool[T]) Put(v *T) { p.pool.Put(v) }
