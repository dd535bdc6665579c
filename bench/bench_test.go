package main

import (
	"strings"
	"testing"
	"time"

	"github.com/litesync/litesync/bench/internal/harness"
	"github.com/litesync/litesync/bench/internal/result"
)

// Every contender of every suite in the standard form, which benchstat reads:
//
//	go test -bench 'Suites/spsc/ping-pong$' -count 10 | benchstat -col /contender -
//
// The program is what interleaves the contenders and measures the distance of
// the cores beside each round.
func BenchmarkSuites(b *testing.B) {
	cpus := harness.Allowed()
	if len(cpus) < 2 {
		b.Skip("two CPUs are needed")
	}
	pair, err := harness.NewPair(harness.Choose(cpus))
	if err != nil {
		b.Fatal(err)
	}
	defer pair.Close()
	for _, s := range suites {
		for _, w := range s.Workloads() {
			for _, c := range w.Contenders {
				// A slash in the name would begin the next key.
				name := strings.ReplaceAll(c.Name, "/", "-")
				b.Run(s.Name+"/"+w.Name+"/contender="+name, func(b *testing.B) { benchmark(b, pair, w, c) })
			}
		}
	}
}

func benchmark(b *testing.B, pair *harness.Pair, w harness.Workload, c harness.Contender) {
	b.ReportAllocs()
	work := c.Make()
	if work.Close != nil {
		defer work.Close()
	}
	step := max(w.Step, 1)
	n := (b.N + step - 1) / step * step
	b.ResetTimer()
	n, took, _, err := pair.Once(w.Place, work, n, time.Minute)
	if err != nil {
		b.Fatal(err)
	}
	// There are more operations than b.N where they come in steps.
	b.ReportMetric(float64(took)/float64(n), "ns/op")
	if work.Latency != nil {
		l := work.Latency.Latency(result.All)
		b.ReportMetric(l.P50, "p50-ns")
		b.ReportMetric(l.P99, "p99-ns")
		b.ReportMetric(l.P999, "p99.9-ns")
	}
}
