//go:build litesyncdebug

package misuse

import (
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
	end       end
	goroutine uintptr
	method    string
	depth     int // methods call one another
	stack     [32]uintptr
	leave     func()
}

var (
	mu   sync.Mutex
	uses = map[end]*use{}
	free []*use // so that ordinary use does not allocate
)

// Enter notes that the calling goroutine is in a method of e, until it calls
// leave. The method is named as in "spsc: Sender.Send". If another goroutine is in
// a method of e, Enter panics with the stacks of both, that of the other one as
// it was when it came.
func Enter[E any](e *E, method string) (leave func()) {
	return enter(at(e, method), method)
}

// Forget is for ends that are reset: who is still in one of their methods is on
// its way out, and does not touch them any more. The ends are named as in "lite:
// Sender".
func Forget[E any](e *E, names ...string) {
	mu.Lock()
	defer mu.Unlock()
	for _, name := range names {
		delete(uses, at(e, name))
	}
}

// at names the end e by a method of it.
func at[E any](e *E, method string) end {
	name, _, _ := strings.Cut(method, ".")
	return end{uintptr(unsafe.Pointer(e)), name}
}

func enter(e end, method string) (leave func()) {
	me := self()
	mu.Lock()
	u := uses[e]
	if u == nil {
		u = unused()
		u.end, u.goroutine, u.method = e, me, method
		clear(u.stack[runtime.Callers(3, u.stack[:]):])
		uses[e] = u
	} else if u.goroutine != me {
		defer mu.Unlock()
		var mine [len(u.stack)]uintptr
		runtime.Callers(3, mine[:])
		panic(fmt.Sprintf("%s: another goroutine is in %s\n\nthis one:\n%s\nthe other one:\n%s",
			method, u.method, print(mine[:]), print(u.stack[:])))
	}
	u.depth++
	first := u.depth == 1
	mu.Unlock()
	if first {
		runtime.Gosched()
	}
	return u.leave
}

// unused returns a use to be filled in. The caller holds mu.
func unused() *use {
	if n := len(free) - 1; n >= 0 {
		u := free[n]
		free = free[:n]
		return u
	}
	u := new(use)
	u.leave = func() {
		mu.Lock()
		defer mu.Unlock()
		if u.depth--; u.depth == 0 {
			if uses[u.end] == u { // Else it was forgotten.
				delete(uses, u.end)
			}
			free = append(free, u)
		}
	}
	return u
}

// print returns a stack in words.
func print(stack []uintptr) string {
	var b strings.Builder
	for frames := runtime.CallersFrames(stack); ; {
		f, more := frames.Next()
		if f.PC != 0 {
			fmt.Fprintf(&b, "%s\n\t%s:%d\n", f.Function, f.File, f.Line)
		}
		if !more {
			return b.String()
		}
	}
}
