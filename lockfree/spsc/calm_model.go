//go:build model

package spsc

// calmSteps is how many steps without a sleeper make an end light: few, so that
// small programs get there.
const calmSteps = 1
