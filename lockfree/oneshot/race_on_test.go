//go:build race

package oneshot_test

const raceEnabled = true
