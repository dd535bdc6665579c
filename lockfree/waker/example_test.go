//go:build !model

package waker_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/litesync/litesync/lockfree/spsc"
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

// A channel of package spsc, a Go channel and a context in one select.
func ExampleChan_When() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	orders := make(chan string)
	sender, receiver := spsc.New[int](8)
	go func() {
		orders <- "start"
		for price := range 3 {
			sender.Send(100 + price)
		}
		sender.Close()
	}()

	c := waker.NewChan()
	for {
		select {
		case <-c.When(receiver.Poll(c) != spsc.ErrEmpty):
			switch price, err := receiver.TryRecv(); err {
			case nil:
				fmt.Println(price)
			case spsc.ErrClosed:
				return
			}
		case order := <-orders:
			fmt.Println(order)
		case <-ctx.Done():
			fmt.Println(context.Cause(ctx))
			return
		}
	}
	// Output:
	// start
	// 100
	// 101
	// 102
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
