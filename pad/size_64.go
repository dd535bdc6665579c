//go:build !(amd64 || arm64 || ppc64 || ppc64le || s390x)

package pad

// Size is how many bytes keep two values out of each other's way: a cache line.
const Size = 64
