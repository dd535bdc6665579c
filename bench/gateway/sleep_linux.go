package main

import (
	"runtime"
	"time"

	"golang.org/x/sys/unix"
)

// keepTime makes the calling goroutine's thread its own, and one that wakes up
// when it asked to: time.Sleep is good to a millisecond, and waiting in a loop would
// take a CPU that the gateway needs. It returns a function that sleeps.
func keepTime() func(time.Duration) {
	runtime.LockOSThread()
	// Without it the kernel may be 50 µs late.
	_ = unix.Prctl(unix.PR_SET_TIMERSLACK, 1, 0, 0, 0)
	return func(d time.Duration) {
		t := unix.NsecToTimespec(int64(d))
		_ = unix.Nanosleep(&t, nil) // Whoever asks looks at the clock again.
	}
}
