//go:build litesyncdebug && goexperiment.goroutineleakprofile && !model

package misuse

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
	"strings"
	"time"
)

// quiet is how long there is no other search for leaked goroutines after one: it
// is a garbage collection of its own.
const quiet = time.Second

func init() { watch() }

// watch searches after the next garbage collection, and again after later ones.
func watch() {
	type word struct{ _ *byte } // Small objects without pointers share a block.
	runtime.AddCleanup(new(word), func(struct{}) { go search() }, struct{}{})
}

// reported has the first lines of the goroutines that were reported, up to the
// state. Only search uses it, and no two searches overlap.
var reported = map[string]bool{}

// search writes to standard error the stack of each goroutine that waits for ever
// in a package of this module.
func search() {
	var profile bytes.Buffer
	if err := pprof.Lookup("goroutineleak").WriteTo(&profile, 2); err != nil {
		panic(err) // A buffer refuses nothing.
	}
	for _, g := range strings.Split(profile.String(), "\n\n") {
		head, stack, _ := strings.Cut(g, "\n")
		id, state, _ := strings.Cut(head, " [")
		if strings.Contains(state, "(leaked)") && strings.Contains(stack, "/litesync/") && !reported[id] {
			reported[id] = true
			fmt.Fprintf(os.Stderr, "litesync: a goroutine waits for ever: nobody else can reach what it waits at\n%s\n\n", g)
		}
	}
	time.AfterFunc(quiet, watch)
}
