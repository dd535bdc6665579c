//go:build !model

package oneshot_test

import (
	"fmt"

	"github.com/litesync/litesync/lockfree/oneshot"
)

func Example() {
	s, r := oneshot.New[string]()
	go func() { s.Send("hello") }()
	fmt.Println(r.Recv())
	fmt.Println(r.Recv())
	// Output:
	// hello <nil>
	//  oneshot: closed
}

// A server that is slow can see that nobody waits for its reply any more.
func ExampleSender_Closed() {
	s, r := oneshot.New[int]()
	r.Close()
	fmt.Println(s.Closed(), s.Send(1))
	// Output: true oneshot: closed
}

// A request carries its reply channel in itself, so that neither costs an
// allocation of its own.
func ExampleChan() {
	type request struct {
		a, b  int
		reply oneshot.Chan[int]
	}
	requests := make(chan *request)
	go func() {
		for q := range requests {
			reply, _ := q.reply.Split()
			reply.Send(q.a + q.b)
		}
	}()

	q := &request{a: 1, b: 2}
	_, reply := q.reply.Split()
	requests <- q
	fmt.Println(reply.Recv())
	close(requests)
	// Output: 3 <nil>
}

// One request is used for many calls. The caller may reset the channel when it
// has the reply, because that was the server's last operation on it.
func ExampleChan_Reset() {
	type request struct {
		n     int
		reply oneshot.Chan[int]
	}
	requests := make(chan *request)
	go func() {
		for q := range requests {
			reply, _ := q.reply.Split()
			reply.Send(q.n * q.n)
		}
	}()

	var q request
	_, reply := q.reply.Split()
	for q.n = range 3 {
		requests <- &q
		fmt.Println(reply.Recv())
		q.reply.Reset()
	}
	close(requests)
	// Output:
	// 0 <nil>
	// 1 <nil>
	// 4 <nil>
}
