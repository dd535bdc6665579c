//go:build !go1.25 || go1.27 || aix || solaris || (!amd64 && !arm64) || purego || race || model || litesyncdebug

package channel

// SendStep sends what stands in the slot that is next.
func SendStep(s *Sender) error { return send(s) }

// RecvStep receives a value and returns the slot from which the caller moves it,
// nil if the channel is closed and has nothing left.
func RecvStep(r *Receiver) pointer { return recv(r) }
