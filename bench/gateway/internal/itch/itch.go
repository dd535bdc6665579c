// Package itch encodes and decodes the messages of NASDAQ TotalView-ITCH 5.0
// that build an order book: system event, stock directory, add, execute, cancel, delete and
// replace. All integers are big-endian; prices are in 1/10000 dollar. The
// layouts are those of the public specification.
package itch

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// Errors of Decode.
var (
	ErrType   = errors.New("itch: unknown message type")
	ErrLength = errors.New("itch: wrong length for the message type")
	ErrField  = errors.New("itch: field out of range")
)

// Message types.
const (
	SystemEvent    = 'S'
	StockDirectory = 'R'
	Add            = 'A'
	Execute        = 'E'
	Cancel         = 'X'
	Delete         = 'D'
	Replace        = 'U'
)

// Sides of an order.
const (
	Buy  = 'B'
	Sell = 'S'
)

// MaxLength is the length of the longest message.
const MaxLength = 39

// Message is any of the messages; what a type lacks is zero.
type Message struct {
	Type     byte
	Side     byte   // Add
	Event    byte   // SystemEvent
	Locate   uint16 // which stock
	Tracking uint16
	Time     uint64 // ns since midnight, 48 bits
	Ref      uint64 // the order; the old one of a Replace
	NewRef   uint64 // Replace
	Match    uint64 // Execute
	Shares   uint32
	Price    uint32
	Stock    [8]byte // Add, StockDirectory; padded with spaces
}

// header is type, locate, tracking number and time.
const header = 11

// maxTime is the end of a day.
const maxTime = 24 * 60 * 60 * 1_000_000_000

// length returns the length of messages of a type, 0 for an unknown one.
func length(typ byte) int {
	switch typ {
	case SystemEvent:
		return 12
	case StockDirectory:
		return 39
	case Add:
		return 36
	case Execute:
		return 31
	case Cancel:
		return 23
	case Delete:
		return 19
	case Replace:
		return 35
	}
	return 0
}

// Decode reads one message, which must fill b exactly.
func Decode(b []byte, m *Message) error {
	if len(b) == 0 {
		return ErrLength
	}
	want := length(b[0])
	if want == 0 {
		return ErrType
	}
	if len(b) != want {
		return ErrLength
	}
	be := binary.BigEndian
	*m = Message{
		Type:     b[0],
		Locate:   be.Uint16(b[1:]),
		Tracking: be.Uint16(b[3:]),
		Time:     uint64(be.Uint16(b[5:]))<<32 | uint64(be.Uint32(b[7:])),
	}
	body := b[header:]
	switch m.Type {
	case SystemEvent:
		m.Event = body[0]
	case StockDirectory:
		copy(m.Stock[:], body)
	case Add:
		m.Ref, m.Side, m.Shares, m.Price = be.Uint64(body), body[8], be.Uint32(body[9:]), be.Uint32(body[21:])
		copy(m.Stock[:], body[13:])
		if m.Side != Buy && m.Side != Sell {
			return ErrField
		}
	case Execute:
		m.Ref, m.Shares, m.Match = be.Uint64(body), be.Uint32(body[8:]), be.Uint64(body[12:])
	case Cancel:
		m.Ref, m.Shares = be.Uint64(body), be.Uint32(body[8:])
	case Delete:
		m.Ref = be.Uint64(body)
	case Replace:
		m.Ref, m.NewRef, m.Shares, m.Price = be.Uint64(body), be.Uint64(body[8:]), be.Uint32(body[16:]), be.Uint32(body[20:])
	}
	if m.Time >= maxTime {
		return ErrField
	}
	return nil
}

// Append encodes m at the end of b. It panics if m has no known type.
func Append(b []byte, m *Message) []byte {
	n := length(m.Type)
	if n == 0 {
		panic(fmt.Sprintf("itch: Append: type %q is unknown", m.Type))
	}
	be := binary.BigEndian
	start := len(b)
	b = append(b, m.Type)
	b = be.AppendUint16(b, m.Locate)
	b = be.AppendUint16(b, m.Tracking)
	b = be.AppendUint16(b, uint16(m.Time>>32))
	b = be.AppendUint32(b, uint32(m.Time))
	switch m.Type {
	case SystemEvent:
		b = append(b, m.Event)
	case StockDirectory:
		// A stock of the global select market in good standing, traded in
		// round lots of 100, live and not a fund.
		b = append(b, m.Stock[:]...)
		b = append(b, 'Q', 'N')
		b = be.AppendUint32(b, 100)
		b = append(b, "NCZ PNN1N"...)
		b = be.AppendUint32(b, 0)
		b = append(b, 'N')
	case Add:
		b = be.AppendUint64(b, m.Ref)
		b = append(b, m.Side)
		b = be.AppendUint32(b, m.Shares)
		b = append(b, m.Stock[:]...)
		b = be.AppendUint32(b, m.Price)
	case Execute:
		b = be.AppendUint64(b, m.Ref)
		b = be.AppendUint32(b, m.Shares)
		b = be.AppendUint64(b, m.Match)
	case Cancel:
		b = be.AppendUint64(b, m.Ref)
		b = be.AppendUint32(b, m.Shares)
	case Delete:
		b = be.AppendUint64(b, m.Ref)
	case Replace:
		b = be.AppendUint64(b, m.Ref)
		b = be.AppendUint64(b, m.NewRef)
		b = be.AppendUint32(b, m.Shares)
		b = be.AppendUint32(b, m.Price)
	}
	if len(b)-start != n {
		panic(fmt.Sprintf("itch: Append: %d bytes for type %q, want %d", len(b)-start, m.Type, n))
	}
	return b
}
