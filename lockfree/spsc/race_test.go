//go:build race

package spsc_test

const raceEnabled = true
