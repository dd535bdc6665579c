//go:build litesyncdebug

package misuse

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"unsafe"
)

// On is whether the detector is in the program.
const On = true

// end names an end: both ends of a channel may have the same address. That is a
// number, so that an end which nobody but its user can reach counts as such in the
// runtime's profile of leaked goroutines; its user keeps it where it is.
type end struct {
	at   uintptr
	name string
}

// use is what a goroutine does with an end.
type use struct {
	goroutine string // as a stack begins
	method    string
	depth     int // methods call one another
}

var (
	mu   sync.Mutex
	uses = map[end]*use{}
)

// Enter notes that the calling goroutine is in a method of e, until it calls
// leave. The method is named as in "spsc: Sender.Send". If another goroutine is in
// a method of e, Enter panics with the stacks of both.
func Enter[E any](e *E, method string) (leave func()) {
	name, _, _ := strings.Cut(method, ".")
	key := end{uintptr(unsafe.Pointer(e)), name}
	me := goroutine(stack(false))
	mu.Lock()
	u := uses[key]
	if u == nil {
		u = &use{goroutine: me, method: method}
		uses[key] = u
	}
	if u.goroutine != me {
		other := *u
		mu.Unlock()
		panic(fmt.Sprintf("%s: another goroutine is in %s\n\nthis one:\n%s\n\nthe other one:\n%s",
			method, other.method, stack(false), find(other.goroutine)))
	}
	u.depth++
	first := u.depth == 1
	mu.Unlock()
	if first {
		runtime.Gosched()
	}
	return func() {
		mu.Lock()
		if u.depth--; u.depth == 0 {
			delete(uses, key)
		}
		mu.Unlock()
	}
}

// stack returns the stack of this goroutine, or those of all.
func stack(all bool) []byte {
	for n := 1 << 12; ; n *= 2 {
		buf := make([]byte, n)
		if k := runtime.Stack(buf, all); k < n {
			return buf[:k]
		}
	}
}

// goroutine returns the part of a stack that names its goroutine.
func goroutine(stack []byte) string {
	name, _, _ := bytes.Cut(stack, []byte(" ["))
	return string(name)
}

// find returns the stack of that goroutine.
func find(name string) string {
	for _, s := range bytes.Split(stack(true), []byte("\n\n")) {
		if goroutine(s) == name {
			return string(s)
		}
	}
	return name + " has ended"
}
