// Command oneshot uses a one-shot channel.
package main

import "github.com/litesync/litesync/lockfree/oneshot"

func main() {
	s, r := oneshot.New[int]()
	go func() { s.Send(1) }()
	v, _ := r.Recv()
	println(v)
}
