//go:build race && !model

package oneshot_test

const raceEnabled = true
