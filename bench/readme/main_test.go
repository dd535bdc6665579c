package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const recorded = "../internal/report/testdata/run.json"

func TestRun(t *testing.T) {
	path := filepath.Join(t.TempDir(), "README.md")
	text := "# before\n\n" + begin + "old numbers\n" + end + "\nafter\n"
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	for range 2 { // The second time replaces what the first wrote.
		if err := run([]string{recorded, recorded, path}); err != nil {
			t.Fatal(err)
		}
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	got := string(b)
	for _, want := range []string{
		"# before\n\n" + begin,
		"Measured on Test CPU (linux/amd64, 2 CPUs, virtual, pinned to CPUs 0 and 1), go1.26, backend amd64, on 2 January 2026 with `bench -suite ring`.\n",
		"|  | neighbours | far |\n|---|---|---|\n",
		"| ring, push and pop on one goroutine / Go channel | 12 | 12 |\n",
		"| ring | not measured | 510 / 600 / 900 |\n",
		end + "\nafter\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("lacks %q:\n%s", want, got)
		}
	}
	if strings.Contains(got, "old numbers") {
		t.Error("the old numbers are still there")
	}
}

func TestErrors(t *testing.T) {
	dir := t.TempDir()
	noMarks, noEnd, noJSON := filepath.Join(dir, "a.md"), filepath.Join(dir, "b.md"), filepath.Join(dir, "c.json")
	marks, short := filepath.Join(dir, "d.md"), filepath.Join(dir, "e.json")
	whole, err := os.ReadFile(recorded)
	if err != nil {
		t.Fatal(err)
	}
	for path, text := range map[string]string{
		noMarks: "x", noEnd: begin, noJSON: "x", marks: begin + end,
		short: strings.ReplaceAll(string(whole), `"after": 0`, `"after": 0, "disturbed": true`),
	} {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		args []string
		want string
	}{
		{nil, "usage"},
		{[]string{recorded}, "usage"},
		{[]string{filepath.Join(dir, "none"), noMarks}, "no such file"},
		{[]string{noJSON, noMarks}, "not the JSON"},
		{[]string{recorded, noMarks}, "lacks the line"},
		{[]string{recorded, noEnd}, "lacks the line"},
		{[]string{short, marks}, "0 of 1 comparisons have 5 rounds"},
	} {
		if err := run(c.args); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("readme %q: %v, want an error with %q", c.args, err, c.want)
		}
	}
}
