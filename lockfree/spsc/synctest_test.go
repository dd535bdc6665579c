//go:build !model

package spsc_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/litesync/litesync/lockfree/spsc"
)

// A goroutine that waits here counts as durably blocked, so the clock of the
// bubble goes on.
func TestSynctest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, r := spsc.New[int](1)
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		if _, err := r.RecvContext(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("RecvContext: %v", err)
		}
		got := 0
		go func() { got, _ = r.Recv() }()
		synctest.Wait()
		time.Sleep(time.Minute)
		s.Send(5)
		synctest.Wait()
		if got != 5 {
			t.Errorf("got %d", got)
		}

		s.Send(6)
		ctx, cancel = context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		if n, err := s.SendSliceContext(ctx, []int{7}); n != 0 || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("SendSliceContext: %d, %v", n, err)
		}
		done := false
		go func() { done = s.Send(8) == nil }()
		synctest.Wait()
		r.Recv()
		synctest.Wait()
		if !done {
			t.Error("the sender still sleeps")
		}
	})
}
