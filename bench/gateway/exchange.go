package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"github.com/litesync/litesync/bench/gateway/internal/ouch"
)

// exchange takes orders on a TCP port of the loopback and acknowledges each.
type exchange struct {
	l     net.Listener
	close func() error // ends the exchange and returns what went wrong with the connection

	orders int
	sum    orderSum
}

// listen opens the exchange for one connection.
func listen(addr string) (*exchange, error) {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("exchange: %w", err)
	}
	x := &exchange{l: l}
	done := make(chan error, 1)
	go func() { done <- x.serve() }()
	x.close = sync.OnceValue(func() error {
		l.Close()
		if err := <-done; err != nil && !errors.Is(err, net.ErrClosed) {
			return fmt.Errorf("exchange: %w", err)
		}
		return nil
	})
	return x, nil
}

func (x *exchange) addr() string { return x.l.Addr().String() }

// serve serves one connection to its end.
func (x *exchange) serve() error {
	conn, err := x.l.Accept()
	if err != nil {
		return err
	}
	defer conn.Close()
	r := ouch.NewReader(bufio.NewReader(conn))
	start := time.Now()
	var buf []byte
	for {
		var o ouch.Order
		if err := r.Order(&o); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		x.orders++
		x.sum.add(&o)
		buf = ouch.AppendAck(buf[:0], &ouch.Ack{Token: o.Token, Ref: uint64(x.orders), Time: uint64(time.Since(start))})
		if _, err := conn.Write(buf); err != nil {
			return err
		}
	}
}
