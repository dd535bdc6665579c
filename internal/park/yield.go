//go:build !model

package park

import "runtime"

// Yield lets other goroutines run.
func Yield() { runtime.Gosched() }
