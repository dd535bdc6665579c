package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/litesync/litesync/bench/gateway/internal/itch"
	"github.com/litesync/litesync/bench/internal/harness"
	"github.com/litesync/litesync/bench/internal/result"
	"github.com/litesync/litesync/lockfree/spsc"
)

// The tests' binary is the world too, as the program is.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == worldCommand {
		main()
		return
	}
	os.Exit(m.Run())
}

// around is the world of a day, in this process.
func around(t *testing.T, d *day) *world {
	t.Helper()
	in, to := io.Pipe()
	from, out := io.Pipe()
	done := make(chan error, 1)
	go func() { done <- serveWorld(d, "127.0.0.1:0", in, out) }()
	w, err := meet(to, from, func() error { return <-done })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

// Both kinds of channels lead to the book and the orders of the file.
func TestSameOutcome(t *testing.T) {
	d := testDay(t, 20_000)
	if d.want.Orders < 100 {
		t.Fatalf("the day has %d orders only", d.want.Orders)
	}
	w := around(t, d)
	for _, k := range []kit{litesyncKit(spsc.Park), goKit} {
		// A loaded machine may lose datagrams at any rate: slow down until it
		// does not.
		for rate := 200e3; ; rate /= 2 {
			r, err := play(k, w, rate, d.messages, nil)
			if err != nil {
				t.Fatal(err)
			}
			if r.Lost > 0 && rate > 5e3 {
				continue
			}
			if r.Lost > 0 || r.Outcome != d.want || r.Messages != d.messages {
				t.Errorf("%s: %d messages, %d lost, came to %+v, want %d and %+v", k.name, r.Messages, r.Lost, r.Outcome, d.messages, d.want)
			}
			for i, stage := range stages {
				if n := r.recorders[i].Latency(result.All).Count; n != int64(d.want.Orders) {
					t.Errorf("%s, %s: %d latencies of %d orders", k.name, stage, n, d.want.Orders)
				}
			}
			break
		}
	}
}

func testDay(t *testing.T, messages int) *day {
	t.Helper()
	d, err := makeDay(options{messages: messages, stocks: 4, seed: 3, file: filepath.Join(t.TempDir(), "day")})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// A part of the day ends where it was cut, without a loss.
func TestPart(t *testing.T) {
	d := testDay(t, 1000)
	r, err := play(litesyncKit(spsc.Park), around(t, d), 20e3, 100, nil)
	if err != nil {
		t.Fatal(err)
	}
	if r.Lost != 0 || r.Messages < 100 || r.Messages >= 100+perPacket {
		t.Errorf("%d messages and %d lost, want 100 or a few more", r.Messages, r.Lost)
	}
}

// A lost datagram is a gap that is counted, and the session goes on.
func TestGap(t *testing.T) {
	d := testDay(t, 1000)
	lost := d.counts[5] - d.counts[4]
	d.packets = append(d.packets[:5:5], d.packets[6:]...)
	d.counts = append(d.counts[:5:5], d.counts[6:]...)
	r, err := play(litesyncKit(spsc.Park), around(t, d), 20e3, d.messages, nil)
	if err != nil {
		t.Fatal(err)
	}
	if r.Lost < uint64(lost) || r.Gaps < 1 {
		t.Errorf("%d lost in %d gaps, want %d in 1", r.Lost, r.Gaps, lost)
	}
}

// A corrupt datagram ends the run with an error that says so.
func TestCorrupt(t *testing.T) {
	for _, k := range []kit{litesyncKit(spsc.Park), goKit} {
		d := testDay(t, 1000)
		d.packets[7][22] = '?' // the type of its first message
		if _, err := play(k, around(t, d), 20e3, d.messages, nil); err == nil || !strings.Contains(err.Error(), itch.ErrType.Error()) {
			t.Errorf("%s: %v", k.name, err)
		}
	}
}

// An exchange that goes away ends the run with an error.
func TestExchangeGone(t *testing.T) {
	for _, k := range []kit{litesyncKit(spsc.Park), goKit} {
		p := newPipeline(k)
		ours, theirs := net.Pipe()
		theirs.Close()
		p.pending.Send(awaited{1, p.replies[0]})
		p.pending.Send(awaited{2, p.replies[1]})
		p.pending.Close()
		if err := p.acknowledge(ours); err == nil || !strings.Contains(err.Error(), "closed the connection") {
			t.Errorf("%s: %v", k.name, err)
		}
		for i := range 2 {
			if _, ok := p.replies[i].await(); ok {
				t.Errorf("%s: order %d was acknowledged", k.name, i+1)
			}
		}
	}
}

// needTwoCPUs skips a test of the whole program where that only complains.
func needTwoCPUs(t *testing.T) {
	if len(harness.Allowed()) < 2 {
		t.Skip("two CPUs are needed")
	}
}

func TestBadCommandLine(t *testing.T) {
	needTwoCPUs(t)
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for _, c := range []struct{ args, want string }{
		{"-nonesuch", "not defined"},
		{"x", `unexpected argument "x"`},
		{"-messages 0", "-messages 0: want"},
		{"-stocks 0", "-stocks 0: want"},
		{"-rate 0", "-rate 0: want"},
		{"-rate NaN", "-rate NaN: want"},
		{"-rounds 0", "-rounds 0: want"},
		{"-channels none", `-channels "none"`},
		{"-strategy none", `-strategy "none"`},
		{"-exchange 0.0.0.0:1", "loopback"},
		{"-messages 100 -exchange " + taken.Addr().String(), "address already in use"},
		{"-json " + filepath.Join(t.TempDir(), "missing", "x"), "-json: open"},
		{"-file " + filepath.Join(t.TempDir(), "missing", "x"), "-file: open"},
	} {
		err := run(strings.Fields(c.args), io.Discard, io.Discard)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("gateway %s: %v, want an error with %q", c.args, err, c.want)
		}
	}
}

func TestRun(t *testing.T) {
	needTwoCPUs(t)
	file := filepath.Join(t.TempDir(), "day.itch")
	jsonFile := filepath.Join(t.TempDir(), "out.json")
	var out bytes.Buffer
	args := fmt.Sprintf("-messages 2000 -rate 20000 -rounds 2 -limit=false -file %s -json %s", file, jsonFile)
	if err := run(strings.Fields(args), &out, io.Discard); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"tick to order ", "over Go channels, median of the rounds (and quartiles): p50", "allocations", "as the file says"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the output lacks %q:\n%s", want, &out)
		}
	}
	for _, f := range []string{file, jsonFile} {
		if st, err := os.Stat(f); err != nil || st.Size() == 0 {
			t.Errorf("%s was not written: %v", f, err)
		}
	}
}

// meetFake greets as a world and reads the first trial, of which it tells live.
// What live then does to the account is all that the gateway hears of it.
func meetFake(t *testing.T, live func(session trial, account io.Closer)) *world {
	exchange, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { exchange.Close() })
	trials, to := io.Pipe()
	from, account := io.Pipe()
	go func() {
		json.NewEncoder(account).Encode(greeting{Exchange: exchange.Addr().String()})
		var session trial
		json.NewDecoder(trials).Decode(&session)
		live(session, account)
	}()
	w, err := meet(to, from, func() error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// No run may hang: one that stands still ends with an error that says so.
func TestStandstill(t *testing.T) {
	d := testDay(t, 1000)
	for _, c := range []struct {
		name string
		feed func(to string)
	}{
		{"nothing comes", func(string) {}},
		{"no order is acknowledged", func(to string) { d.send(to, 20e3, d.messages) }},
	} {
		for _, k := range []kit{litesyncKit(spsc.Park), goKit} {
			w := meetFake(t, func(session trial, _ io.Closer) { c.feed(session.Feed) })
			w.patience = 100 * time.Millisecond
			if _, err := play(k, w, 1e6, 1000, nil); err == nil || !strings.Contains(err.Error(), "no end after") {
				t.Errorf("%s, %s: %v", c.name, k.name, err)
			}
		}
	}
}

// A world that goes away ends the run at once.
func TestWorldGone(t *testing.T) {
	w := meetFake(t, func(_ trial, account io.Closer) { account.Close() })
	if _, err := play(goKit, w, 1e6, 1000, nil); err == nil || !strings.Contains(err.Error(), "the world has gone") {
		t.Errorf("got %v", err)
	}
}

// Once an order failed, all others do.
func TestReplyAfterNone(t *testing.T) {
	for _, k := range []kit{litesyncKit(spsc.Park), goKit} {
		r := k.replies(1)[0]
		for range 3 {
			r.abandon()
			if a, ok := r.await(); ok {
				t.Errorf("%s: an acknowledgement %+v of an order that failed", k.name, a)
			}
			r.reset()
			r.complete(acked{at: 5})
			if a, ok := r.await(); !ok || a.at != 5 {
				t.Errorf("%s: %+v, %v, want the acknowledgement", k.name, a, ok)
			}
			r.reset()
		}
	}
}
