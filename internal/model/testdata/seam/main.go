// Command seam holds every operation of every primitive, for a test to look at
// the machine code.
package main

import (
	"fmt"
	"reflect"

	// The compiler inlines its functions into generic code only where it sees them.
	_ "github.com/litesync/litesync"
	"github.com/litesync/litesync/lockfree/fanin"
	"github.com/litesync/litesync/lockfree/notify"
	"github.com/litesync/litesync/lockfree/oneshot"
	"github.com/litesync/litesync/lockfree/oneshot/lite"
	"github.com/litesync/litesync/lockfree/ring"
	"github.com/litesync/litesync/lockfree/spsc"
	"github.com/litesync/litesync/lockfree/waker"
	"github.com/litesync/litesync/lockfree/waker/wakefd"
)

func pair[A, B any](a A, b B) []any { return []any{a, b} }

func main() {
	for _, ends := range [][]any{
		pair(ring.New[uint64](1)), pair(ring.New[string](1)),
		pair(spsc.New[uint64](1)), pair(spsc.New[string](1)),
		pair(fanin.New[uint64](1, 1), fanin.New[string](1, 1)),
		pair(oneshot.New[uint64]()), pair(oneshot.New[string]()),
		pair(lite.New[uint8]()), pair(lite.New[bool]()),
		{new(notify.Notify), new(waker.Atomic), new(waker.Parker), new(waker.Set), waker.NewChan(), new(wakefd.FD)},
	} {
		for _, end := range ends {
			// A method that is looked up so keeps all of them in the program.
			for v, i := reflect.ValueOf(end), 0; i < v.NumMethod(); i++ {
				fmt.Println(v.Type(), v.Method(i))
			}
		}
	}
}
