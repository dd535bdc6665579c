package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/litesync/litesync/bench/gateway/internal/itch"
)

// Both kinds of channels lead to the book and the orders of the file.
func TestSameOutcome(t *testing.T) {
	d := testDay(t, 20_000)
	if d.want.Orders < 100 {
		t.Fatalf("the day has %d orders only", d.want.Orders)
	}
	for _, k := range []kit{litesyncKit, goKit} {
		// A loaded machine may lose datagrams at any rate: slow down until it
		// does not.
		for rate := 200e3; ; rate /= 2 {
			r, err := play(k, d, rate, "127.0.0.1:0", nil)
			if err != nil {
				t.Fatal(err)
			}
			if r.Lost > 0 && rate > 5e3 {
				continue
			}
			if r.Lost > 0 || r.Outcome != d.want || r.Messages != d.messages {
				t.Errorf("%s: %d messages, %d lost, came to %+v, want %d and %+v", k.name, r.Messages, r.Lost, r.Outcome, d.messages, d.want)
			}
			if n := r.Latency["tick to order"].Count; n != int64(d.want.Orders) {
				t.Errorf("%s: %d latencies of %d orders", k.name, n, d.want.Orders)
			}
			if n := r.Latency["decision to acknowledgement"].Count; n != int64(d.want.Orders) {
				t.Errorf("%s: %d acknowledgements of %d orders", k.name, n, d.want.Orders)
			}
			break
		}
	}
}

func testDay(t *testing.T, messages int) *day {
	t.Helper()
	d, err := makeDay(options{messages: messages, stocks: 4, seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// A lost datagram is a gap that is counted, and the session goes on.
func TestGap(t *testing.T) {
	d := testDay(t, 1000)
	lost := d.counts[5] - d.counts[4]
	d.packets = append(d.packets[:5:5], d.packets[6:]...)
	d.counts = append(d.counts[:5:5], d.counts[6:]...)
	r, err := play(litesyncKit, d, 20e3, "127.0.0.1:0", nil)
	if err != nil {
		t.Fatal(err)
	}
	if r.Lost < uint64(lost) || r.Gaps < 1 {
		t.Errorf("%d lost in %d gaps, want %d in 1", r.Lost, r.Gaps, lost)
	}
}

// A corrupt datagram ends the run with an error that says so.
func TestCorrupt(t *testing.T) {
	for _, k := range []kit{litesyncKit, goKit} {
		d := testDay(t, 1000)
		d.packets[7][22] = '?' // the type of its first message
		if _, err := play(k, d, 20e3, "127.0.0.1:0", nil); err == nil || !strings.Contains(err.Error(), itch.ErrType.Error()) {
			t.Errorf("%s: %v", k.name, err)
		}
	}
}

// An exchange that goes away ends the run with an error.
func TestExchangeGone(t *testing.T) {
	for _, k := range []kit{litesyncKit, goKit} {
		p := &pipeline{kit: k, events: k.events(), orders: k.orders(), pending: k.pending()}
		ours, theirs := net.Pipe()
		theirs.Close()
		p.pending.Send(awaited{1, k.reply()})
		p.pending.Send(awaited{2, k.reply()})
		p.pending.Close()
		if err := p.acknowledge(ours); err == nil || !strings.Contains(err.Error(), "closed the connection") {
			t.Errorf("%s: %v", k.name, err)
		}
	}
}

func TestBadCommandLine(t *testing.T) {
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
		{"-channels none", `-channels "none"`},
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
	file := filepath.Join(t.TempDir(), "day.itch")
	jsonFile := filepath.Join(t.TempDir(), "out.json")
	var out bytes.Buffer
	args := fmt.Sprintf("-messages 2000 -rate 20000 -limit=false -file %s -json %s", file, jsonFile)
	if err := run(strings.Fields(args), &out, io.Discard); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"litesync, µs", "Go channels, µs", "tick to order", "allocations", "as the file says"} {
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

// No run may hang: a receiver that hears nothing gives up.
func TestSilence(t *testing.T) {
	in, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	p := &pipeline{kit: goKit, events: goKit.events(), ended: goKit.gate(), idle: 10 * time.Millisecond}
	if err := p.receive(in); err == nil || !strings.Contains(err.Error(), "nothing came") {
		t.Errorf("got %v", err)
	}
}
