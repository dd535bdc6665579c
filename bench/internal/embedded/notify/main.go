// Command notify uses a notification.
package main

import (
	_ "github.com/litesync/litesync/bench/internal/embedded/base"
	"github.com/litesync/litesync/lockfree/notify"
)

func main() {
	var n notify.Notify
	go n.NotifyOne()
	n.Wait()
	println(1)
}
