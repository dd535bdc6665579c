// Command waker uses an atomic waker.
package main

import (
	_ "github.com/litesync/litesync/bench/internal/embedded/base"
	"github.com/litesync/litesync/lockfree/waker"
)

func main() {
	var p waker.Parker
	var a waker.Atomic
	a.Register(&p)
	go a.Wake()
	p.Park()
	println(1)
}
