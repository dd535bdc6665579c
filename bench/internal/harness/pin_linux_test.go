package harness

import (
	"slices"
	"testing"
	"time"
)

func TestParseCPUs(t *testing.T) {
	for list, want := range map[string][]int{"0\n": {0}, "0,4": {0, 4}, "0-2,7": {0, 1, 2, 7}, "": nil, "x": nil, "1-y": nil} {
		if got := parseCPUs(list); !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", list, got, want)
		}
	}
}

func TestParseSchedstat(t *testing.T) {
	for s, want := range map[string]time.Duration{"5549097 16445139 3\n": 16445139, "": 0, "1 2": 0} {
		if got := parseSchedstat(s); got != want {
			t.Errorf("%q: %d, want %d", s, got, want)
		}
	}
}
