package ring

// NewAt is New with both ends at position pos.
func NewAt[T any](capacity int, pos uintptr) (*Producer[T], *Consumer[T]) {
	p, c := New[T](capacity)
	p.x.Pos.Store(pos)
	p.x.Limit += pos
	p.x.Reserved += pos
	c.x.Pos.Store(pos)
	c.x.Limit += pos
	return p, c
}
