package ring_test

import (
	"fmt"

	"github.com/litesync/litesync/lockfree/ring"
)

func Example() {
	p, c := ring.New[string](2)
	fmt.Println(p.Push("a"), p.Push("b"), p.Push("c"))
	for v := range c.Drain() {
		fmt.Println(v)
	}
	// Output:
	// true true false
	// a
	// b
}

// A producer writes into the ring's own slots and publishes them at once.
func ExampleProducer() {
	p, c := ring.New[int](8)
	first, second := p.Reserve(3)
	for i := range first {
		first[i] = i * i
	}
	for i := range second { // Where the slots wrap around.
		second[i] = (len(first) + i) * (len(first) + i)
	}
	p.Commit(len(first) + len(second))
	fmt.Println(c.Len())
	// Output: 3
}

// A consumer looks at items in place and gives back those it is done with.
func ExampleConsumer() {
	p, c := ring.New[byte](16)
	p.PushSlice([]byte("one\ntwo"))
	first, _ := c.PeekSlice(16)
	for i, b := range first {
		if b == '\n' {
			fmt.Printf("%s\n", first[:i])
			c.Discard(i + 1)
			break
		}
	}
	fmt.Println(c.Len(), "left")
	// Output:
	// one
	// 3 left
}

// A ring inside a larger struct needs no allocation of its own.
func ExampleInline() {
	var session struct {
		id   int
		acks ring.Inline[uint64, [64]uint64]
	}
	p, c := session.acks.Split()
	p.Push(42)
	v, ok := c.Pop()
	fmt.Println(v, ok, p.Cap())
	// Output: 42 true 64
}
