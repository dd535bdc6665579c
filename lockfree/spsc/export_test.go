package spsc

import "unsafe"

// Size is how many bytes a channel takes beside its slots.
const Size = unsafe.Sizeof(channel[uint64]{})

// CalmAfter is after how many steps an end becomes calm.
const CalmAfter = calmAfter
