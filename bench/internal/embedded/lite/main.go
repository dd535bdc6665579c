// Command lite uses a one-shot channel in one word.
package main

import (
	_ "github.com/litesync/litesync/bench/internal/embedded/base"
	"github.com/litesync/litesync/lockfree/oneshot/lite"
)

func main() {
	s, r := lite.New[uint8]()
	go func() { s.Send(1) }()
	v, _ := r.Recv()
	println(v)
}
