// Package trial is what the tests of several packages need alike.
package trial

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"
)

// Within fails the test, with a dump of all goroutines, if f has not returned
// after a while, which in these tests means that it never will.
func Within(t testing.TB, f func()) {
	t.Helper()
	const long = 30 * time.Second
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	select {
	case <-done:
	case <-time.After(long):
		buf := make([]byte, 1<<20)
		t.Fatalf("not done after %v:\n%s", long, buf[:runtime.Stack(buf, true)])
	}
}

// Panic returns what f panics with, as a string, or "" if it does not.
func Panic(f func()) (msg string) {
	defer func() {
		if r := recover(); r != nil {
			msg = fmt.Sprint(r)
		}
	}()
	f()
	return ""
}

// Panics fails the test unless f panics with a message that starts with want.
func Panics(t testing.TB, want string, f func()) {
	t.Helper()
	if msg := Panic(f); msg == "" || !strings.HasPrefix(msg, want) {
		t.Errorf("panic %q, want %q", msg, want)
	}
}
