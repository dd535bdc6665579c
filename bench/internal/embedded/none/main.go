// Command none is the program that the others are compared with.
package main

func main() { println(1) }
