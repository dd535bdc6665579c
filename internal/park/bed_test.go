//go:build !model

package park_test

import (
	"runtime"
	"testing"

	"github.com/litesync/litesync"
	"github.com/litesync/litesync/internal/park"
	"github.com/litesync/litesync/internal/trial"
)

// Goroutines sleep in one bed, one after the other, each woken as soon as it can
// be found.
func TestBed(t *testing.T) {
	trial.Within(t, func() {
		var asleep litesync.Uint32
		b, sleeps := new(park.Bed), true
		b.Init(func() bool {
			in := sleeps // Who is woken goes on at once, and changes it.
			if in {
				asleep.Store(1)
			}
			return in
		})
		for range rounds(20_000) {
			done := make(chan bool)
			go func() { b.Sleep(); close(done) }()
			for asleep.Swap(0) == 0 {
				runtime.Gosched()
			}
			b.Wake()
			<-done
		}
		sleeps = false
		b.Sleep()
	})
}
