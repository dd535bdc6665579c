//go:build !model

package lite_test

import (
	"context"
	"fmt"

	"github.com/litesync/litesync/lockfree/oneshot/lite"
)

type verdict uint8

const (
	rejected verdict = iota
	accepted
)

func (v verdict) String() string { return [...]string{"rejected", "accepted"}[v] }

// An order waits for a verdict in one word of its own.
func Example() {
	var order struct {
		id      uint64
		verdict lite.Chan[verdict]
	}
	s, r := order.verdict.Split()
	go s.Send(accepted)
	fmt.Println(r.Recv())
	// Output: accepted <nil>
}

// Closing the receiving end is a signal as well.
func ExampleSender_WaitClosed() {
	s, r := lite.New[struct{}]()
	go r.Close()
	fmt.Println(s.WaitClosed(context.Background()))
	// Output: <nil>
}
