//go:build !model

package spsc

// calmAfter is after how many steps without a wake an end becomes calm: so many
// that two heavy fences do not count beside them.
const calmAfter = 1 << 14
