//go:build amd64 || arm64 || ppc64 || ppc64le

package pad

// Size is how many bytes keep two values out of each other's way. amd64 cores
// fetch lines of 64 bytes in pairs (adjacent-line prefetch; Intel 64 and IA-32
// Architectures Optimization Reference Manual), some arm64 and all ppc64 cores
// have lines of 128.
const Size = 128
