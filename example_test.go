package litesync_test

import (
	"fmt"
	"sync"

	"github.com/litesync/litesync"
)

// A flag that publishes what was written before it.
func ExampleUint32() {
	var ready litesync.Uint32
	var message string
	var wg sync.WaitGroup
	wg.Go(func() {
		message = "hello"
		ready.StoreRelease(1)
	})
	wg.Wait()
	if ready.LoadAcquire() == 1 {
		fmt.Println(message)
	}
	// Output: hello
}

func ExampleUint64() {
	var sequence litesync.Uint64
	fmt.Println(sequence.Add(3), sequence.Swap(10), sequence.LoadRelaxed())
	// Output: 3 3 10
}

func ExampleUintptr() {
	var bits litesync.Uintptr
	fmt.Println(bits.Or(0b110), bits.And(0b011), bits.Load())
	// Output: 0 6 2
}

func ExamplePointer() {
	type config struct{ rate int }
	var current litesync.Pointer[config]
	current.StoreRelease(&config{rate: 10})
	fmt.Println(current.LoadAcquire().rate)
	// Output: 10
}

// Two goroutines that each announce themselves, then look for the other: with
// a full fence between the two, at least one of them sees the other.
func ExampleFenceSeqCst() {
	var announced [2]litesync.Uint32
	var saw [2]bool
	var wg sync.WaitGroup
	for i := range 2 {
		wg.Go(func() {
			announced[i].StoreRelaxed(1)
			litesync.FenceSeqCst()
			saw[i] = announced[1-i].LoadRelaxed() == 1
		})
	}
	wg.Wait()
	fmt.Println(saw[0] || saw[1])
	// Output: true
}

func ExampleTicksOrdered() {
	start := litesync.TicksOrdered()
	// … what is to be measured …
	ticks := litesync.TicksOrdered() - start
	_ = float64(ticks) / litesync.TicksPerSecond() * 1e9 // nanoseconds
}
