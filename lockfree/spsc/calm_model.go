//go:build model

package spsc

// calmAfter is 1, so that a model of few steps has ends of both kinds.
const calmAfter = 1
