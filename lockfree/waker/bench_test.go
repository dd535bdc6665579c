//go:build !model

package waker_test

import (
	"testing"

	"github.com/litesync/litesync/lockfree/waker"
)

func BenchmarkAtomicRegisterWake(b *testing.B) {
	b.ReportAllocs()
	var a waker.Atomic
	var p waker.Parker
	for b.Loop() {
		a.Register(&p)
		a.Wake()
	}
}
