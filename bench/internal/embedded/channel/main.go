// Command channel uses a Go channel.
package main

import _ "github.com/litesync/litesync/bench/internal/embedded/base"

func main() {
	c := make(chan int, 4)
	go func() { c <- 1 }()
	println(<-c)
}
