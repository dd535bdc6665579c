package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"time"

	"github.com/litesync/litesync/bench/gateway/internal/itch"
	"github.com/litesync/litesync/bench/gateway/internal/mold"
	"github.com/litesync/litesync/bench/gateway/internal/ouch"
)

// session is the name of the multicast session.
var session = mold.Session([]byte("LITESYNC01"))

// day is a trading day, in datagrams.
type day struct {
	packets  [][]byte
	counts   []int // messages up to and with each packet
	messages int
	want     outcome
}

// perPacket is how many messages go into a datagram.
const perPacket = 8

// writeFile generates a day of so many messages into a file.
func writeFile(f *os.File, seed uint64, stocks, messages int) error {
	buffered := bufio.NewWriter(f)
	w := itch.NewWriter(buffered)
	g := itch.NewGenerator(seed, stocks, messages)
	for m := g.Next(); m != nil; m = g.Next() {
		if err := w.Write(m); err != nil {
			return err
		}
	}
	return buffered.Flush()
}

// readFile packs a file into datagrams, and works out on the way what book and
// orders it leads to.
func readFile(r io.Reader) (*day, error) {
	d := &day{}
	in := itch.NewReader(r)
	packer := mold.NewPacker(session)
	s := newStrategy()
	var sum orderSum
	var m itch.Message
	var o ouch.Order
	flush := func() {
		if packer.Count() > 0 {
			d.packets = append(d.packets, slices.Clone(packer.Packet()))
			d.counts = append(d.counts, d.messages)
		}
	}
	for {
		b, err := in.Next(&m)
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("message %d: %w", d.messages+1, err)
		}
		ordered, err := s.apply(&m, &o)
		if err != nil {
			return nil, fmt.Errorf("message %d: %w", d.messages+1, err)
		}
		if ordered {
			d.want.Orders++
			sum.add(&o)
		}
		packer.Add(b)
		d.messages++
		if packer.Count() == perPacket {
			flush()
		}
	}
	flush()
	d.want.Book, d.want.OrdersSum = s.books.Sum(), sum.sum
	return d, nil
}

// send sends the day, or its first messages if it has more, to a UDP address at
// a rate of messages a second. It returns the rate that it kept.
func (d *day) send(to string, rate float64, messages int) (float64, error) {
	conn, err := net.Dial("udp", to)
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	sleep := keepTime()
	sent := 0
	start := time.Now()
	for i, p := range d.packets {
		due := start.Add(time.Duration(float64(sent) / rate * 1e9))
		for left := time.Until(due); left > 0; left = time.Until(due) {
			sleep(left)
		}
		if _, err := conn.Write(p); err != nil {
			return 0, err
		}
		if sent = d.counts[i]; sent >= messages {
			break
		}
	}
	took := time.Since(start)
	// The end is sent until somebody has surely heard it: then nobody listens.
	end := mold.End(session, uint64(sent)+1)
	for range 1000 {
		if _, err := conn.Write(end); err != nil {
			break
		}
		time.Sleep(2 * time.Millisecond)
	}
	return float64(sent) / took.Seconds(), nil
}
