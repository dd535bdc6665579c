//go:build !model

package fanin

// turn is how many values a lane may give before it is the next one's turn.
const turn = 64
