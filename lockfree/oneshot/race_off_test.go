//go:build !race

package oneshot_test

const raceEnabled = false
