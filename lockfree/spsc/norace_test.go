//go:build !race && !model

package spsc_test

const raceEnabled = false
