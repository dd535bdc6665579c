package park

// A Bed is where one goroutine at a time sleeps until another one wakes it. It
// is a Parker without a state, for users who decide in a word of their own who
// sleeps and who wakes. It must be on the heap.
type Bed struct {
	fall func() bool
	bed
}

// Init makes the bed ready. The goroutine that sleeps calls fall when it counts
// as asleep, for the step by which another one finds it. If fall returns false it
// does not sleep. In fall it must not panic, block, or use what is on its stack,
// and after that step not what belongs to the next one who sleeps here.
func (b *Bed) Init(fall func() bool) { b.fall = fall }
