//go:build !model

package owned_test

import (
	"fmt"
	"runtime"

	"github.com/litesync/litesync/lockfree/spsc"
	"github.com/litesync/litesync/owned"
)

func Example() {
	sender, receiver := spsc.New[string](4)
	func() {
		prices := owned.New(sender)
		prices.Do(func(s *spsc.Sender[string]) { s.Send("100") })
		// Forgotten: nobody closes prices.
	}()

	runtime.GC() // Sooner or later there is one anyway.
	for price := range receiver.All() {
		fmt.Println(price)
	}
	fmt.Println("closed")
	// Output:
	// 100
	// closed
}
