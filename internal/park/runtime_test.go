//go:build !model

package park_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/litesync/litesync/internal/park"
	"github.com/litesync/litesync/internal/trial"
)

// What the runtime makes of goroutines that sleep here.

// deadlockEnv makes the test binary a program that blocks for good, in the way
// that it names.
const deadlockEnv = "PARK_TEST_DEADLOCK"

func TestMain(m *testing.M) {
	switch os.Getenv(deadlockEnv) {
	case "park":
		new(park.Parker).Park("test")
	case "parks":
		go new(park.Parker).Park("test")
		go new(park.Parker).Wait("test", func() bool { return false }, nil)
		new(park.Parker).ParkContext("test", context.Background())
	}
	os.Exit(m.Run())
}

// A program whose goroutines all sleep here dies of it.
func TestDeadlock(t *testing.T) {
	if info, ok := debug.ReadBuildInfo(); ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"}) {
		t.Skip("race builds link cgo, with which the runtime does not look for deadlocks")
	}
	if os.Getenv("LITESYNC_EMULATED") != "" {
		t.Skip("an emulated test cannot run itself")
	}
	const message = "all goroutines are asleep - deadlock!"
	blocked := func(how string) string {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		cmd := exec.CommandContext(ctx, os.Args[0])
		cmd.Env = append(os.Environ(), deadlockEnv+"="+how)
		out, err := cmd.CombinedOutput()
		if exit := (*exec.ExitError)(nil); !errors.As(err, &exit) {
			t.Fatalf("%s: the program did not end by itself: %v\n%s", how, err, out)
		}
		return string(out)
	}
	for _, how := range []string{"park", "parks"} {
		if out := blocked(how); !strings.Contains(out, message) || !strings.Contains(out, "[sync.Cond.Wait]") {
			t.Errorf("%s: the program does not say that it is deadlocked:\n%s", how, out)
		}
	}
}

// asleep starts f, which parks on p, and returns when it sleeps.
func asleep(p *park.Parker, f func()) {
	go f()
	for !p.Waiting() {
		runtime.Gosched()
	}
	// It may yet be on its way: when the world has been stopped, it is not.
	runtime.GC()
}

func TestDump(t *testing.T) {
	var p park.Parker
	asleep(&p, func() { p.Park("test") })
	defer p.Wake()
	buf := make([]byte, 1<<20)
	buf = buf[:runtime.Stack(buf, true)]
	for g := range bytes.SplitSeq(buf, []byte("\n\n")) {
		if bytes.Contains(g, []byte("TestDump.func")) {
			head, _, _ := bytes.Cut(g, []byte("\n"))
			if !bytes.Contains(head, []byte("[sync.Cond.Wait")) {
				t.Errorf("a sleeper is dumped as %q", head)
			}
			return
		}
	}
	t.Errorf("no sleeper in the dump:\n%s", buf)
}

// A sleeper whose Parker is reachable is not taken for leaked. Runs if built
// with GOEXPERIMENT=goroutineleakprofile.
func TestNotLeaked(t *testing.T) {
	profile := pprof.Lookup("goroutineleak")
	if profile == nil {
		t.Skip("no goroutine leak profile in this build")
	}
	p := new(park.Parker)
	woken := make(chan string)
	go func() {
		// Only this stack refers to s.
		s := new([]byte)
		*s = fmt.Append(nil, "still ", "here")
		p.Park("test")
		woken <- string(*s)
	}()
	for !p.Waiting() {
		runtime.Gosched()
	}
	var buf bytes.Buffer
	for range 3 {
		if err := profile.WriteTo(&buf, 2); err != nil {
			t.Fatal(err)
		}
	}
	if strings.Contains(buf.String(), "TestNotLeaked.func") && strings.Contains(buf.String(), "leaked") {
		t.Errorf("taken for leaked:\n%s", buf.String())
	}
	p.Wake()
	if got := <-woken; got != "still here" {
		t.Errorf("the sleeper's memory is now %q", got)
	}
}

// The stack of a sleeper shrinks and is scanned, and grows again when it is
// awake; its Parker may be collected and made anew all the while.
func TestStackAndGC(t *testing.T) {
	var deep func(n int, p, q *park.Parker) int
	deep = func(n int, p, q *park.Parker) int {
		var pad [64]int
		pad[n%64] = n
		if n == 0 {
			q.Wake()
			p.Park("test")
			return 0
		}
		kept := new(int)
		*kept = n
		return deep(n-1, p, q) + pad[n%64] - *kept + 1
	}
	trial.Within(t, func() {
		for range rounds(100) + 1 {
			p, q := new(park.Parker), new(park.Parker)
			got := make(chan int)
			go func() {
				deep(2000, p, q) // Leaves a large stack, of which the next sleep uses little.
				q.Wake()
				p.Park("test")
				got <- deep(3000, p, q)
			}()
			for range 3 {
				q.Park("test")
				runtime.GC()
				p.Wake()
			}
			if n := <-got; n != 3000 {
				t.Fatalf("%d frames of 3000 are intact", n)
			}
		}
	})
}

// A goroutine that ends by Goexit may sleep in what it has deferred.
func TestGoexit(t *testing.T) {
	var p, q park.Parker
	trial.Within(t, func() {
		go func() {
			defer q.Wake()
			defer p.Park("test")
			runtime.Goexit()
		}()
		p.Wake()
		q.Park("test")
	})
}

func TestLockOSThread(t *testing.T) {
	pingPong(t, rounds(20_000), runtime.LockOSThread)
}

func TestMaxProcs(t *testing.T) {
	for _, n := range []int{1, 2, 5} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(n))
			var wg sync.WaitGroup
			for range 3 {
				wg.Go(func() { pingPong(t, rounds(50_000), func() {}) })
			}
			wg.Wait()
		})
	}
}

// pingPong passes a turn to and fro. Each turn is answered before the next, so
// a wake that is lost and one too many both show, and a plain counter shows the
// race detector, and us, that each turn happens before the next.
func pingPong(t *testing.T, n int, begin func()) {
	var a, b park.Parker
	turn := 0
	trial.Within(t, func() {
		go func() {
			begin()
			for i := range n {
				a.Park("test")
				if turn++; turn != 2*i+1 {
					t.Errorf("turn %d, want %d", turn, 2*i+1)
				}
				b.Wake()
			}
		}()
		begin()
		for i := range n {
			a.Wake()
			b.Park("test")
			if turn++; turn != 2*i+2 {
				t.Errorf("turn %d, want %d", turn, 2*i+2)
			}
		}
	})
}
