// Command ring uses a ring.
package main

import (
	_ "github.com/litesync/litesync/bench/internal/embedded/base"
	"github.com/litesync/litesync/lockfree/ring"
)

func main() {
	p, c := ring.New[int](4)
	p.Push(1)
	v, _ := c.Pop()
	println(v)
}
