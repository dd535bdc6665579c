package main

import (
	"github.com/litesync/litesync/bench/internal/harness"
	"github.com/litesync/litesync/bench/internal/result"
	"github.com/litesync/litesync/lockfree/waker"
)

const (
	nameAtomicWaker = "waker.Atomic"
	nameWakerChan   = "waker.Chan"
)

func wakerWorkloads() []harness.Workload {
	var a waker.Atomic
	var p waker.Parker
	wc := waker.NewChan()
	c := make(chan struct{}, 1)
	return []harness.Workload{
		{Suite: "waker", Name: "register and wake", Baseline: nameChan, Place: harness.Alone, Contenders: []harness.Contender{
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
	}
}

var wakerTargets = []result.Target{
	atMost("waker/register and wake", nameAtomicWaker, "", result.All, 20),
}
