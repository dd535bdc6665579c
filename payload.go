//go:build !model

package litesync

// The payload hooks announce plain accesses to memory that two goroutines
// share under the protection of an atomic: slots of a ring, the value of a
// oneshot. They are empty here; under the model tag the checker uses them to
// find data races. A race build needs none, because the detector sees the
// accesses themselves. Advance stands for the one slot it passes, so that a
// single Push or Pop needs no hook of its own: under the model tag it announces
// the producer's write before it looks, the consumer's read after.

// Hooks says whether the payload hooks do anything. Behind it a hook costs
// nothing, not even room to be inlined.
const Hooks = false

// WillRead announces plain reads of *p by the calling goroutine.
func WillRead[T any](p *T) {}

// WillWrite announces plain writes of *p by the calling goroutine.
func WillWrite[T any](p *T) {}

// WillReadSlice announces plain reads of the elements of s.
func WillReadSlice[T any](s []T) {}

// WillWriteSlice announces plain writes of the elements of s.
func WillWriteSlice[T any](s []T) {}
