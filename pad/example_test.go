package pad_test

import (
	"fmt"
	"sync"

	"github.com/litesync/litesync/pad"
)

// Counters in a row that goroutines write at the same time, each on lines of
// its own.
func ExampleValue() {
	var counters [4]pad.Value[int]
	var wg sync.WaitGroup
	for i := range counters {
		wg.Go(func() {
			for range 1000 {
				counters[i].V++
			}
		})
	}
	wg.Wait()
	fmt.Println(counters[0].V + counters[1].V + counters[2].V + counters[3].V)
	// Output: 4000
}

// A Line between what one goroutine writes and what another does.
func ExampleLine() {
	var queue struct {
		head uint64
		_    pad.Line
		tail uint64
	}
	queue.tail++
	fmt.Println(queue.head, queue.tail)
	// Output: 0 1
}

// The index of one end of a ring has no operations here: package litesync
// moves it.
func ExampleIndex() {
	producer := pad.Index{Limit: 8, Room: 8}
	fmt.Println(producer.Pos.Load(), producer.Limit)
	// Output: 0 8
}
