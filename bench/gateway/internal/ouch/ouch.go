// Package ouch is an order entry protocol like NASDAQ's OUCH 4.2: messages of
// fixed length in the frames of SoupBinTCP, which are a length in two bytes and
// a packet type.
package ouch

import (
	"encoding/binary"
	"errors"
	"io"
)

// Errors of a Reader.
var (
	ErrFrame = errors.New("ouch: frame of another length or packet type")
	ErrType  = errors.New("ouch: message of another type")
)

// Packet types of SoupBinTCP.
const (
	sequenced   = 'S' // from the exchange
	unsequenced = 'U' // to the exchange
)

// Order asks to buy or sell.
type Order struct {
	Token  uint64 // chosen by the sender; comes back in the Ack
	Side   byte
	Stock  [8]byte
	Shares uint32
	Price  uint32
}

// Ack says that the exchange accepted an order.
type Ack struct {
	Token uint64
	Ref   uint64 // chosen by the exchange
	Time  uint64 // of the exchange, ns
}

// Lengths of the messages: type and token of 14 bytes, then the fields.
const (
	orderLen = 1 + 14 + 1 + 4 + 8 + 4 + 4 + 4 + 1 + 1 + 1 + 4 + 1 + 1
	ackLen   = 1 + 8 + 14 + 8
)

// AppendOrder encodes o in its frame.
func AppendOrder(b []byte, o *Order) []byte {
	be := binary.BigEndian
	b = be.AppendUint16(b, 1+orderLen)
	b = append(b, unsequenced, 'O')
	b = appendToken(b, o.Token)
	b = append(b, o.Side)
	b = be.AppendUint32(b, o.Shares)
	b = append(b, o.Stock[:]...)
	b = be.AppendUint32(b, o.Price)
	b = be.AppendUint32(b, 0) // immediate or cancel
	b = append(b, "LITE"...)  // firm
	b = append(b, "YPN"...)   // displayed, as principal, not a sweep
	b = be.AppendUint32(b, 0) // no minimum quantity
	return append(b, "NR"...) // no cross, retail
}

// AppendAck encodes a in its frame.
func AppendAck(b []byte, a *Ack) []byte {
	be := binary.BigEndian
	b = be.AppendUint16(b, 1+ackLen)
	b = append(b, sequenced, 'A')
	b = be.AppendUint64(b, a.Time)
	b = appendToken(b, a.Token)
	return be.AppendUint64(b, a.Ref)
}

// appendToken writes a token as 14 decimal digits.
func appendToken(b []byte, t uint64) []byte {
	var d [14]byte
	for i := len(d) - 1; i >= 0; i-- {
		d[i] = byte('0' + t%10)
		t /= 10
	}
	return append(b, d[:]...)
}

func token(b []byte) (t uint64, err error) {
	for _, d := range b[:14] {
		if d < '0' || d > '9' {
			return 0, ErrFrame
		}
		t = t*10 + uint64(d-'0')
	}
	return t, nil
}

// Reader reads messages from one end of a connection.
type Reader struct {
	r   io.Reader
	buf [3 + orderLen]byte // the longest frame
}

// NewReader returns a Reader from r, which it reads in small pieces.
func NewReader(r io.Reader) *Reader { return &Reader{r: r} }

// Order reads one order; io.EOF if the stream ends before it.
func (r *Reader) Order(o *Order) error {
	b, err := r.frame(unsequenced, orderLen)
	if err != nil {
		return err
	}
	if b[0] != 'O' {
		return ErrType
	}
	be := binary.BigEndian
	*o = Order{Side: b[15], Shares: be.Uint32(b[16:]), Stock: [8]byte(b[20:28]), Price: be.Uint32(b[28:])}
	o.Token, err = token(b[1:])
	return err
}

// Ack reads one acknowledgement; io.EOF if the stream ends before it.
func (r *Reader) Ack(a *Ack) error {
	b, err := r.frame(sequenced, ackLen)
	if err != nil {
		return err
	}
	if b[0] != 'A' {
		return ErrType
	}
	be := binary.BigEndian
	*a = Ack{Time: be.Uint64(b[1:]), Ref: be.Uint64(b[23:])}
	a.Token, err = token(b[9:])
	return err
}

// frame reads a frame and returns the message in it.
func (r *Reader) frame(packet byte, size int) ([]byte, error) {
	buf := r.buf[:3+size]
	if _, err := io.ReadFull(r.r, buf[:3]); err != nil {
		return nil, err
	}
	if int(binary.BigEndian.Uint16(buf)) != 1+size || buf[2] != packet {
		return nil, ErrFrame
	}
	if _, err := io.ReadFull(r.r, buf[3:]); err != nil {
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return nil, err
	}
	return buf[3:], nil
}
