// Command none is the program that the others are compared with.
package main

import _ "github.com/litesync/litesync/bench/internal/embedded/base"

func main() { println(1) }
