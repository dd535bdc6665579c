package main

import (
	"fmt"
	"reflect"

	"github.com/litesync/litesync/bench/internal/harness"
	"github.com/litesync/litesync/bench/internal/result"
	"github.com/litesync/litesync/lockfree/waker"
)

const (
	nameAtomicWaker = "waker.Atomic"
	nameWakerChan   = "waker.Chan"
)

// nameSet is a Set with that many sources, nameSelect a reflect.Select with that
// many channels.
func nameSet(n int) string    { return fmt.Sprintf("waker.Set, %d sources", n) }
func nameSelect(n int) string { return fmt.Sprintf("reflect.Select, %d channels", n) }

func wakerWorkloads() []harness.Workload {
	var a waker.Atomic
	var p waker.Parker
	wc := waker.NewChan()
	c := make(chan struct{}, 1)
	return []harness.Workload{
		{Suite: "waker", Name: "register and wake", Baseline: nameChan, Place: harness.Alone, Contenders: []harness.Contender{
			{Name: nameEmpty, Make: emptyLoop},
			{Name: nameAtomicWaker, Make: loop(func(n int) {
				w := waker.Func(func() {})
				for range n {
					a.Register(w)
					a.Wake()
				}
			})},
			{Name: nameParker, Make: loop(func(n int) {
				for range n {
					p.Wake()
					p.Park()
				}
			})},
			{Name: nameWakerChan, Make: loop(func(n int) {
				for range n {
					wc.Wake()
					<-wc.C()
				}
			})},
			{Name: nameChan, Make: loop(func(n int) {
				for range n {
					chanSignal(c).wake()
					<-c
				}
			})},
		}},
		oneOfMany(),
	}
}

// oneOfMany wakes one source after the other and finds out which it was.
func oneOfMany() harness.Workload {
	w := harness.Workload{Suite: "waker", Name: "wake one of many and find it", Baseline: nameSet(10), Place: harness.Alone}
	for _, n := range []int{10, 100, 1000, 10000} {
		set := waker.NewSet(n)
		w.Contenders = append(w.Contenders, harness.Contender{Name: nameSet(n), Make: loop(func(k int) {
			i := 0
			for range k {
				if i += 7; i >= n {
					i -= n
				}
				set.Waker(i).Wake()
				if set.Wait() != i {
					panic("another source than the one that was woken")
				}
			}
		})})
	}
	for _, n := range []int{10, 1000} {
		channels := make([]chan struct{}, n)
		cases := make([]reflect.SelectCase, n)
		for i := range channels {
			channels[i] = make(chan struct{}, 1)
			cases[i] = reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(channels[i])}
		}
		w.Contenders = append(w.Contenders, harness.Contender{Name: nameSelect(n), Make: loop(func(k int) {
			i := 0
			for range k {
				if i += 7; i >= n {
					i -= n
				}
				channels[i] <- struct{}{}
				if found, _, _ := reflect.Select(cases); found != i {
					panic("another channel than the one that was sent to")
				}
			}
		})})
	}
	return w
}

var wakerTargets = []result.Target{
	atMost("waker/register and wake", nameAtomicWaker, "", result.All, 20),
	atMost("waker/wake one of many and find it", nameSet(1000), nameSet(10), result.All, 1.3),
}
