//go:build !race && !model

package oneshot_test

const raceEnabled = false
