//go:build !linux

package main

import "time"

// keepTime returns a function that sleeps, as exactly as time.Sleep does here.
func keepTime() func(time.Duration) { return time.Sleep }
