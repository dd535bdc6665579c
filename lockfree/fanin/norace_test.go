//go:build !race && !model

package fanin_test

const raceEnabled = false
