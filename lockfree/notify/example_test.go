//go:build !model

package notify_test

import (
	"fmt"
	"time"

	"github.com/litesync/litesync/lockfree/notify"
)

func ExampleNotify() {
	var n notify.Notify
	ready := false
	go func() {
		ready = true
		n.NotifyOne()
	}()
	n.Wait()
	fmt.Println(ready, n.TryWait(), n.WaitTimeout(time.Millisecond))
	// Output: true false false
}
