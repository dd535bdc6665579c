//go:build !model

package spsc_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/litesync/litesync/lockfree/spsc"
)

func Example() {
	s, r := spsc.New[string](64)
	go func() {
		defer s.Close()
		for _, word := range []string{"one", "two", "three"} {
			if s.Send(word) != nil {
				return // The receiver has closed.
			}
		}
	}()
	for word := range r.All() {
		fmt.Println(word)
	}
	// Output:
	// one
	// two
	// three
}

func ExampleSender_Reserve() {
	s, r := spsc.New[int](4)
	first, second := s.Reserve(3)
	for i := range first {
		first[i] = i * i
	}
	for i := range second {
		j := len(first) + i
		second[i] = j * j
	}
	s.Commit(len(first) + len(second))
	for v := range r.Drain() {
		fmt.Println(v)
	}
	// Output:
	// 0
	// 1
	// 4
}

// The value that was in the channel when the receiver closed is still received.
func ExampleReceiver_Close() {
	s, r := spsc.New[int](4)
	s.Send(1)
	r.Close()
	fmt.Println(s.Send(2))
	fmt.Println(r.Recv())
	fmt.Println(r.Recv())
	// Output:
	// spsc: closed
	// 1 true
	// 0 false
}

func ExampleReceiver_RecvContext() {
	_, r := spsc.New[int](4)
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(errors.New("no more patience"))
	_, err := r.RecvContext(ctx)
	fmt.Println(err)
	// Output: no more patience
}

func ExampleInline() {
	var session struct {
		id       int
		commands spsc.Inline[string, [16]string]
	}
	s, r := session.commands.Split(spsc.WithStrategy(spsc.Yield))
	s.Send("start")
	fmt.Println(r.Recv())
	// Output: start true
}
