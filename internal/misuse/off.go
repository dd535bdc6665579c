//go:build !litesyncdebug

package misuse

// On is whether the detector is in the program. It is a constant, so that what
// depends on it is not.
const On = false

// Enter does nothing.
func Enter[E any](end *E, method string) (leave func()) { return nil }

// Forget does nothing.
func Forget[E any](end *E, names ...string) {}
