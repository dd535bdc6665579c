//go:build model

package fanin

// turn is how many values a lane may give before it is the next one's turn. In a
// model it is short, so that turns end.
const turn = 1
