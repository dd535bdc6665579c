package spsc

import "unsafe"

// Size is how many bytes a channel takes beside its slots.
const Size = unsafe.Sizeof(channel[uint64]{})
