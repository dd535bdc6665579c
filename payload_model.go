//go:build model

package litesync

import (
	"unsafe"

	"github.com/litesync/litesync/internal/model"
)

// Hooks says whether the payload hooks do anything.
const Hooks = true

// WillRead announces plain reads of *p by the calling goroutine.
func WillRead[T any](p *T) { model.WillRead(unsafe.Pointer(p), unsafe.Sizeof(*p)) }

// WillWrite announces plain writes of *p by the calling goroutine.
func WillWrite[T any](p *T) { model.WillWrite(unsafe.Pointer(p), unsafe.Sizeof(*p)) }

// WillReadSlice announces plain reads of the elements of s.
func WillReadSlice[T any](s []T) {
	for i := range s {
		WillRead(&s[i])
	}
}

// WillWriteSlice announces plain writes of the elements of s.
func WillWriteSlice[T any](s []T) {
	for i := range s {
		WillWrite(&s[i])
	}
}
