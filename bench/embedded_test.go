package main

import (
	"os"
	"slices"
	"testing"
)

// The programs whose size is told are those that there are; that they build,
// go vet shows.
func TestEmbedded(t *testing.T) {
	dirs, err := os.ReadDir("internal/embedded")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, d := range dirs {
		if d.Name() != "base" {
			names = append(names, d.Name())
		}
	}
	want := slices.Sorted(slices.Values(programs))
	if !slices.Equal(names, want) {
		t.Errorf("there are %q, built are %q", names, want)
	}
}
