//go:build !model

package fanin_test

import (
	"fmt"

	"github.com/litesync/litesync/lockfree/fanin"
)

// One goroutine reads what several feeds deliver.
func Example() {
	consumer := fanin.New[int](64, 16)
	for feed := range 3 {
		producer, err := consumer.AddProducer()
		if err != nil {
			panic(err)
		}
		go func() {
			defer producer.Close()
			for i := range 100 {
				producer.Send(feed*1000 + i)
			}
		}()
	}
	consumer.Seal() // No more feeds.

	count, sum := 0, 0
	for v := range consumer.All() {
		count++
		sum += v
	}
	fmt.Println(count, sum)
	// Output: 300 314850
}
