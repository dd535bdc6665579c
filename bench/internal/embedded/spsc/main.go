// Command spsc uses a blocking channel.
package main

import (
	_ "github.com/litesync/litesync/bench/internal/embedded/base"
	"github.com/litesync/litesync/lockfree/spsc"
)

func main() {
	s, r := spsc.New[int](4)
	go func() { s.Send(1) }()
	v, _ := r.Recv()
	println(v)
}
