// Command channel uses a Go channel.
package main

func main() {
	c := make(chan int, 4)
	go func() { c <- 1 }()
	println(<-c)
}
