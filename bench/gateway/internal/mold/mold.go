// Package mold is the framing of MoldUDP64, downstream: a datagram is a header
// with session, sequence number of the first message and their count, then each
// message behind its length in two bytes. A count of 0 is a heartbeat, 0xffff
// the end of the session; both carry the number that comes next.
package mold

import (
	"encoding/binary"
	"errors"
)

// Errors of Receiver.Packet.
var (
	ErrShort   = errors.New("mold: packet ends within its header or a message")
	ErrLong    = errors.New("mold: bytes behind the last message")
	ErrSession = errors.New("mold: packet of another session")
	ErrCount   = errors.New("mold: sequence number overflows")
)

const (
	header = 20
	end    = 0xffff
)

// Session names a session.
type Session [10]byte

// Packer builds packets.
type Packer struct {
	session Session
	next    uint64
	buf     []byte
	count   uint16
}

// NewPacker returns a Packer whose first message has the number 1.
func NewPacker(s Session) *Packer {
	p := &Packer{session: s, next: 1, buf: make([]byte, header, 2048)}
	return p
}

// Len returns how long the packet is by now.
func (p *Packer) Len() int { return len(p.buf) }

// Count returns how many messages are in the packet.
func (p *Packer) Count() int { return int(p.count) }

// Add puts a message into the packet.
func (p *Packer) Add(msg []byte) {
	p.buf = binary.BigEndian.AppendUint16(p.buf, uint16(len(msg)))
	p.buf = append(p.buf, msg...)
	p.count++
}

// Packet returns the packet, valid until the next Add, and begins another.
func (p *Packer) Packet() []byte {
	b := p.seal(p.count)
	p.next += uint64(p.count)
	p.buf, p.count = p.buf[:header], 0
	return b
}

// End returns the packet that ends a session whose next message would have that
// number.
func End(s Session, next uint64) []byte {
	p := Packer{session: s, next: next, buf: make([]byte, header)}
	return p.seal(end)
}

func (p *Packer) seal(count uint16) []byte {
	copy(p.buf, p.session[:])
	binary.BigEndian.PutUint64(p.buf[10:], p.next)
	binary.BigEndian.PutUint16(p.buf[18:], count)
	return p.buf
}

// Receiver takes packets apart and watches the sequence numbers.
type Receiver struct {
	// Lost counts the messages that were missing, Gaps how often some were,
	// Old the packets that had been seen or were overtaken.
	Lost, Gaps, Old uint64
	// Ended says that the session is over.
	Ended bool

	session Session
	next    uint64
}

// NewReceiver returns a Receiver for a session whose first message has the
// number 1.
func NewReceiver(s Session) *Receiver { return &Receiver{session: s, next: 1} }

// Packet calls take for each message that has not been seen, in order. A packet that is not
// well-formed is an error and has no effect.
func (r *Receiver) Packet(b []byte, take func(msg []byte)) error {
	if len(b) < header {
		return ErrShort
	}
	if Session(b[:10]) != r.session {
		return ErrSession
	}
	first := binary.BigEndian.Uint64(b[10:])
	count := uint64(binary.BigEndian.Uint16(b[18:]))
	ended := count == end
	if ended {
		count = 0
	}
	if first+count < first {
		return ErrCount
	}
	if err := check(b[header:], count); err != nil {
		return err
	}
	if ended {
		r.Ended = true
	}
	if first > r.next {
		r.Lost += first - r.next
		r.Gaps++
		r.next = first
	}
	if first < r.next && count > 0 {
		r.Old++
	}
	body := b[header:]
	for n := first; n < first+count; n++ {
		size := int(binary.BigEndian.Uint16(body))
		if n == r.next {
			take(body[2 : 2+size])
			r.next++
		}
		body = body[2+size:]
	}
	return nil
}

// check reports whether b is count messages and no more.
func check(b []byte, count uint64) error {
	for range count {
		if len(b) < 2 {
			return ErrShort
		}
		size := int(binary.BigEndian.Uint16(b))
		if len(b) < 2+size {
			return ErrShort
		}
		b = b[2+size:]
	}
	if len(b) > 0 {
		return ErrLong
	}
	return nil
}
