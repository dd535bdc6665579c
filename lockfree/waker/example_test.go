//go:build !model

package waker_test

import (
	"fmt"
	"sync/atomic"
	"time"

	"github.com/litesync/litesync/lockfree/waker"
)

// One goroutine waits for a value that another sets.
func ExampleAtomic() {
	var value atomic.Int64
	var cell waker.Atomic

	go func() {
		value.Store(42)
		cell.Wake()
	}()

	var p waker.Parker
	for {
		cell.Register(&p)
		if v := value.Load(); v != 0 {
			fmt.Println(v)
			return
		}
		p.Park()
	}
	// Output: 42
}

func ExampleParker() {
	var p waker.Parker
	ready := false
	go func() {
		ready = true
		p.Wake()
	}()
	p.Park()
	fmt.Println(ready)
	// Output: true
}

func ExampleChan() {
	c := waker.NewChan()
	go c.Wake()
	select {
	case <-c.C():
		fmt.Println("woken")
	case <-time.After(time.Minute):
		fmt.Println("timeout")
	}
	// Output: woken
}

func ExampleFunc() {
	var cell waker.Atomic
	cell.Register(waker.Func(func() { fmt.Println("woken") }))
	fmt.Println(cell.Wake(), cell.Wake())
	// Output:
	// woken
	// true false
}

// One goroutine serves many connections, and looks only at those that have
// something to do.
func ExampleSet() {
	set := waker.NewSet(1000)
	var work [1000]atomic.Int64

	go func() {
		for _, conn := range []int{7, 900, 7} {
			work[conn].Add(1)
			set.Waker(conn).Wake()
		}
	}()

	for done := int64(0); done < 3; {
		conn := set.Wait()
		done += work[conn].Swap(0)
	}
	fmt.Println("all done")
	// Output: all done
}
