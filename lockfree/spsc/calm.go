//go:build !model

package spsc

// calmSteps is how many steps without a sleeper make an end light. The heavy
// fence, 1 to 9 µs, should be small against the fences of as many steps.
const calmSteps = 4096
