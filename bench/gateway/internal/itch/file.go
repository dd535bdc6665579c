package itch

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
)

// A file is messages one after the other, each behind its length in two bytes.

// Writer writes a file.
type Writer struct {
	w   io.Writer
	buf []byte
}

// NewWriter returns a Writer to w.
func NewWriter(w io.Writer) *Writer { return &Writer{w: w} }

// Write writes one message.
func (w *Writer) Write(m *Message) error {
	w.buf = Append(append(w.buf[:0], 0, 0), m)
	binary.BigEndian.PutUint16(w.buf, uint16(len(w.buf)-2))
	_, err := w.w.Write(w.buf)
	return err
}

// Reader reads a file.
type Reader struct {
	r   *bufio.Reader
	buf [MaxLength]byte
}

// NewReader returns a Reader from r.
func NewReader(r io.Reader) *Reader { return &Reader{r: bufio.NewReader(r)} }

// Next returns the bytes of the next message, valid until the one after, and
// decodes them into m. It returns io.EOF after the last, and
// io.ErrUnexpectedEOF if the file ends within a message.
func (r *Reader) Next(m *Message) ([]byte, error) {
	if _, err := io.ReadFull(r.r, r.buf[:2]); err != nil {
		return nil, err
	}
	n := int(binary.BigEndian.Uint16(r.buf[:2]))
	if n > MaxLength {
		return nil, fmt.Errorf("%w: %d bytes", ErrLength, n)
	}
	if _, err := io.ReadFull(r.r, r.buf[:n]); err != nil {
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return nil, err
	}
	return r.buf[:n], Decode(r.buf[:n], m)
}
