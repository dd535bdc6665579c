package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
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

// Small functions of packages that a program does not import are inlined in it
// all the same. What is inlined everywhere is not in the program.
func TestInlined(t *testing.T) {
	program := filepath.Join(t.TempDir(), "inlined")
	if out, err := exec.Command("go", "build", "-o", program, "./testdata/inlined").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	out, err := exec.Command("go", "tool", "nm", program).Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{
		"litesync.Available", "litesync.Published", "litesync.Between", "litesync.Other",
		"litesync.(*Uint32).LoadRelaxed", "litesync.(*Uint64).LoadAcquire", "litesync.(*Uint64).CompareAndSwap",
		"core.(*Word).Reset",
		"spsc.(*Sender[go.shape.int]).Send", "spsc.(*Receiver[go.shape.int]).Recv",
	} {
		if strings.Contains(string(out), "/"+name+"\n") {
			t.Errorf("%s is called", name)
		}
	}
}
