// Command oneshot uses a one-shot channel.
package main

import (
	_ "github.com/litesync/litesync/bench/internal/embedded/base"
	"github.com/litesync/litesync/lockfree/oneshot"
)

func main() {
	s, r := oneshot.New[int]()
	go func() { s.Send(1) }()
	v, _ := r.Recv()
	println(v)
}
