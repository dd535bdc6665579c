//go:build !model

package notify_test

import (
	"runtime"
	"sync/atomic"
	"testing"

	"github.com/litesync/litesync/lockfree/notify"
)

// Notified before waiting, on one goroutine.
func BenchmarkNotified(b *testing.B) {
	b.Run("notify", func(b *testing.B) {
		b.ReportAllocs()
		var n notify.Notify
		for b.Loop() {
			n.NotifyOne()
			n.Wait()
		}
	})
	b.Run("channel", func(b *testing.B) {
		b.ReportAllocs()
		c := make(chan struct{}, 1)
		for b.Loop() {
			select {
			case c <- struct{}{}:
			default:
			}
			<-c
		}
	})
}

// A round trip between two goroutines.
func BenchmarkRoundTrip(b *testing.B) { roundTrips(b) }

func roundTrips(b *testing.B) {
	b.Run("notify", func(b *testing.B) {
		b.ReportAllocs()
		var there, back notify.Notify
		stop := false
		go func() {
			for there.Wait(); !stop; there.Wait() {
				back.NotifyOne()
			}
		}()
		for b.Loop() {
			there.NotifyOne()
			back.Wait()
		}
		stop = true
		there.NotifyOne()
	})
	b.Run("channel", func(b *testing.B) {
		b.ReportAllocs()
		there, back := make(chan struct{}, 1), make(chan struct{}, 1)
		go func() {
			for range there {
				back <- struct{}{}
			}
		}()
		for b.Loop() {
			there <- struct{}{}
			<-back
		}
		close(there)
	})
}

// A round trip while others, who never wait, keep the processors busy: who
// yields there instead of sleeping has to wait for all of them.
func BenchmarkRoundTripAmongBusy(b *testing.B) {
	var stop atomic.Bool
	defer stop.Store(true)
	for range 4 * runtime.GOMAXPROCS(0) {
		go func() {
			for !stop.Load() {
			}
		}()
	}
	roundTrips(b)
}
