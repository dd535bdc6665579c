module github.com/litesync/litesync/bench

go 1.25.0

replace github.com/litesync/litesync => ../

require (
	github.com/HdrHistogram/hdrhistogram-go v1.4.0
	github.com/Workiva/go-datastructures v1.1.7
	github.com/anishathalye/porcupine v1.3.1
	github.com/litesync/litesync v0.0.0-00010101000000-000000000000
	github.com/puzpuzpuz/xsync/v4 v4.5.0
	golang.org/x/sys v0.42.0
	gvisor.dev/gvisor v0.0.0-20250503011706-39ed1f5ac29c
)

require github.com/klauspost/cpuid/v2 v2.4.2 // indirect
