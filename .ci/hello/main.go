// Command hello shows that this machine runs programs of a GOARCH.
package main

func main() {}
