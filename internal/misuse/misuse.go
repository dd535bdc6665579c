// Package misuse helps to find two mistakes, with the build tag litesyncdebug;
// without the tag nothing of it is in a program.
//
// Two goroutines that are in methods of one end at the same time: the second one
// panics with the stacks of both, the first does not notice. An end is a Producer,
// Consumer, Sender or Receiver, and the waiter's side of a Notify, a Set, a Parker
// and a wakefd.FD; its methods are all but those that any goroutine may call.
// Operations take a microsecond then and let other goroutines run, to be caught in
// the act. Only what really overlaps is seen; the race detector also sees what
// could have.
//
// A goroutine that waits at a channel which nobody else can reach, and so would
// be collected but for it: after a garbage collection its stack is written to
// standard error, once. That takes the runtime's search for leaked goroutines (Go
// 1.26, built with GOEXPERIMENT=goroutineleakprofile); with the tag goroutines
// sleep where it can tell. The search is a garbage collection of its own, a second
// after the last one at the earliest.
package misuse
