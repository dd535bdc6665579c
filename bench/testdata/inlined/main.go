// Command inlined uses every generic package, and imports none of those whose
// functions these call.
package main

import (
	"github.com/litesync/litesync/lockfree/fanin"
	"github.com/litesync/litesync/lockfree/oneshot"
	"github.com/litesync/litesync/lockfree/oneshot/lite"
	"github.com/litesync/litesync/lockfree/ring"
	"github.com/litesync/litesync/lockfree/spsc"
)

func main() {
	p, c := ring.New[int](1)
	println(p.PushSlice([]int{1}), p.Len(), c.PopSlice(make([]int, 1)))

	s, r := spsc.New[int](1)
	s.Send(1)
	r.Recv()
	s.Close()
	println(r.Len(), r.Closed())

	f := fanin.New[int](1, 1)
	fs, _ := f.AddProducer()
	fs.Send(1)
	f.Recv()
	f.Close()

	var one oneshot.Chan[int]
	one.Reset()
	var word lite.Chan[bool]
	word.Reset()
}
