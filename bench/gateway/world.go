package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"time"

	"github.com/litesync/litesync/bench/gateway/internal/ouch"
)

// The world is what a gateway deals with: the feed of market data and the
// exchange. It is a process of its own, as both are other machines in life, so
// that it neither shares the gateway's scheduler nor counts among its
// allocations. Both sides talk in lines of JSON: a greeting from the world, then
// a session for each trial and its account.
type (
	greeting struct {
		Exchange string // the address
		Err      string
	}
	trial struct {
		Feed     string  // the UDP address of the gateway
		Rate     float64 // messages a second
		Messages int     // how many of the day at most
	}
	account struct {
		Rate      float64 // messages a second, as kept
		Orders    int
		OrdersSum uint64
		Err       string
	}
)

// world is the gateway's view of it.
type world struct {
	exchange string
	to       *json.Encoder
	from     *json.Decoder
	patience time.Duration // how much longer than ten times as long as planned a trial may take
	abandon  func()        // whoever waits for a word from it gets an error
	close    func() error
}

// worldCommand is the argument that makes this program the world.
const worldCommand = "world"

// startWorld starts the world of a day's file as another process.
func startWorld(file, exchange string) (*world, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(self, worldCommand, file, exchange)
	cmd.Stderr = os.Stderr
	to, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	from, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return meet(to, from, func() error {
		// It ends at once unless it was abandoned or stopped.
		defer time.AfterFunc(5*time.Second, func() { cmd.Process.Kill() }).Stop()
		return cmd.Wait()
	})
}

// meet reads the greeting. The world ends when to is closed; wait waits for that.
func meet(to io.WriteCloser, from io.ReadCloser, wait func() error) (*world, error) {
	w := &world{
		to: json.NewEncoder(to), from: json.NewDecoder(from), patience: 15 * time.Second,
		abandon: func() { from.Close() },
		close: func() error {
			to.Close()
			return wait()
		},
	}
	var g greeting
	err := w.from.Decode(&g)
	if err == nil && g.Err != "" {
		err = errors.New(g.Err)
	}
	if err != nil {
		w.close()
		return nil, fmt.Errorf("the world: %w", err)
	}
	w.exchange = g.Exchange
	return w, nil
}

// runWorld is the process: arguments are the day's file and the address of the
// exchange.
func runWorld(args []string, in io.Reader, out io.Writer) error {
	if len(args) != 2 {
		return fmt.Errorf("%s wants a file and an address", worldCommand)
	}
	f, err := os.Open(args[0])
	if err != nil {
		return err
	}
	defer f.Close()
	d, err := readFile(f)
	if err != nil {
		return err
	}
	return serveWorld(d, args[1], in, out)
}

// serveWorld serves trials until in ends.
func serveWorld(d *day, exchange string, in io.Reader, out io.Writer) error {
	to := json.NewEncoder(out)
	l, err := net.Listen("tcp", exchange)
	if err != nil {
		return to.Encode(greeting{Err: "exchange: " + err.Error()})
	}
	defer l.Close()
	if err := to.Encode(greeting{Exchange: l.Addr().String()}); err != nil {
		return err
	}
	for from := json.NewDecoder(in); ; {
		var t trial
		if err := from.Decode(&t); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		if err := to.Encode(serveTrial(d, l, t)); err != nil {
			return err
		}
	}
}

// serveTrial feeds a gateway that has connected to the exchange, and takes its
// orders until it hangs up.
func serveTrial(d *day, l net.Listener, t trial) (a account) {
	var sum orderSum
	var failed error
	done := make(chan struct{})
	go func() {
		defer close(done)
		a.Orders, failed = acknowledgeAll(l, &sum)
	}()
	rate, err := d.send(t.Feed, t.Rate, t.Messages)
	<-done
	a.Rate, a.OrdersSum = rate, sum.sum
	if err := errors.Join(err, failed); err != nil {
		a.Err = err.Error()
	}
	return a
}

// acknowledgeAll serves one connection to the exchange, and returns how many
// orders came.
func acknowledgeAll(l net.Listener, sum *orderSum) (orders int, err error) {
	conn, err := l.Accept()
	if err != nil {
		return 0, fmt.Errorf("exchange: %w", err)
	}
	defer conn.Close()
	r := ouch.NewReader(bufio.NewReader(conn))
	start := time.Now()
	var buf []byte
	for {
		var o ouch.Order
		if err := r.Order(&o); err == io.EOF {
			return orders, nil
		} else if err != nil {
			return orders, fmt.Errorf("exchange: %w", err)
		}
		orders++
		sum.add(&o)
		buf = ouch.AppendAck(buf[:0], &ouch.Ack{Token: o.Token, Ref: uint64(orders), Time: uint64(time.Since(start))})
		if _, err := conn.Write(buf); err != nil {
			return orders, fmt.Errorf("exchange: %w", err)
		}
	}
}
