// Command mutate weakens one ordering at one place after the other, and looks
// whether some model fails. It writes the table internal/model/MUTATIONS.md,
// and exits with an error if a mutant survives.
//
// With -check FILE it compares the table with the sites that a run of the
// models has written to FILE (see model.SitesEnv), and changes nothing.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/litesync/litesync/internal/model"
)

const table = "internal/model/MUTATIONS.md"

func main() {
	check := flag.String("check", "", "compare the table with the sites in `file`")
	only := flag.String("only", "", "try the mutants that contain `text` alone, and write no table")
	flag.Parse()
	var err error
	if *check != "" {
		err = stale(*check)
	} else {
		err = mutate(*only)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutate:", err)
		os.Exit(1)
	}
}

// lines returns the lines of a file, sorted, each once.
func lines(file string) ([]string, error) {
	text, err := os.ReadFile(file)
	all := strings.Split(strings.TrimSpace(string(text)), "\n")
	slices.Sort(all)
	return slices.Compact(all), err
}

// row is a line of the table: the mutant as model.MutateEnv takes it, and what
// kills it.
var row = regexp.MustCompile(`^\| (.*) \| ([^|]*) \|$`)

// stale compares the table with the sites in file.
func stale(file string) error {
	met, err := lines(file)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(table)
	if err != nil {
		return err
	}
	var known []string
	for _, line := range strings.Split(string(text), "\n") {
		if m := row.FindStringSubmatch(line); m != nil && strings.Contains(m[1], "->") {
			known = append(known, strings.ReplaceAll(m[1], `\|`, "|"))
		}
	}
	bad := false
	for _, m := range met {
		if !slices.Contains(known, m) {
			bad = true
			fmt.Println("not in the table:", m)
		}
	}
	for _, m := range known {
		if !slices.Contains(met, m) {
			bad = true
			fmt.Println("in the table alone:", m)
		}
	}
	if bad {
		return errors.New(table + " is stale: run make mutation")
	}
	return nil
}

// suite is the test binary of a package with models.
type suite struct {
	dir, binary string
	mutants     []string
}

// run runs the models with one more environment variable, and returns what they
// print.
func (s *suite) run(env string) (string, error) {
	cmd := exec.Command(s.binary, "-test.run=^TestModel", "-test.failfast", "-test.timeout=1h", "-test.v")
	cmd.Dir = s.dir
	cmd.Env = append(os.Environ(), env)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// suites builds every package with models, and asks it for its mutants.
func suites(tmp string) (all []*suite, err error) {
	err = filepath.WalkDir(".", func(path string, _ fs.DirEntry, err error) error {
		dir := filepath.Dir(path)
		if err != nil || !strings.HasSuffix(path, "_model_test.go") || len(all) > 0 && all[len(all)-1].dir == dir {
			return err
		}
		s := &suite{dir: dir, binary: filepath.Join(tmp, strings.ReplaceAll(dir, "/", "_")+".test")}
		out, err := exec.Command("go", "test", "-c", "-tags=model", "-o", s.binary, "./"+dir).CombinedOutput()
		if err != nil {
			return fmt.Errorf("%s: %s", dir, out)
		}
		file := s.binary + ".sites"
		if out, err := s.run(model.SitesEnv + "=" + file); err != nil {
			return fmt.Errorf("%s fails without a mutant: %s", dir, out)
		}
		s.mutants, err = lines(file)
		all = append(all, s)
		return err
	})
	return all, err
}

var failed = regexp.MustCompile(`(?m)^\s*--- FAIL: (\S+)`)

// try runs the models that meet mutant m, those next to it first, and returns
// which one kills it, "" if none does.
func try(all []*suite, m string) string {
	var meet []*suite
	for _, s := range all {
		if slices.Contains(s.mutants, m) {
			meet = append(meet, s)
		}
	}
	near := func(s *suite) int {
		if strings.HasPrefix(m, s.dir+"/") {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(meet, func(a, b *suite) int { return near(a) - near(b) })
	for _, s := range meet {
		out, err := s.run(model.MutateEnv + "=" + m)
		if err == nil {
			continue
		}
		names := failed.FindAllStringSubmatch(out, -1)
		// A limit that was met, or a crash, proves nothing about the mutant.
		if len(names) > 0 && !strings.Contains(out, model.GaveUp) {
			return strings.TrimPrefix(s.dir, "lockfree/") + " " + names[len(names)-1][1]
		}
	}
	return ""
}

func mutate(only string) error {
	tmp, err := os.MkdirTemp("", "mutate")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	all, err := suites(tmp)
	if err != nil {
		return err
	}
	var mutants []string
	for _, s := range all {
		for _, m := range s.mutants {
			if strings.Contains(m, only) {
				mutants = append(mutants, m)
			}
		}
	}
	slices.Sort(mutants)
	mutants = slices.Compact(mutants)
	killers := make([]string, len(mutants))
	var wg sync.WaitGroup
	turns := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i, m := range mutants {
		wg.Go(func() {
			turns <- struct{}{}
			defer func() { <-turns }()
			killers[i] = try(all, m)
			fmt.Printf("%s: %s\n", m, killers[i])
		})
	}
	wg.Wait()
	var b strings.Builder
	survivors := 0
	fmt.Fprintf(&b, `# Mutations

Written by `+"`make mutation`"+`; do not edit. Each row is an operation in the
library with an ordering that is one step weaker than what the code says, and a
model that fails with it. Where several lines of a file are the same, the number
in brackets tells which.

| mutant | killed by |
|---|---|
`)
	for i, m := range mutants {
		if killers[i] == "" {
			survivors++
			killers[i] = "SURVIVES"
			fmt.Println("survives:", m)
		}
		fmt.Fprintf(&b, "| %s | %s |\n", strings.ReplaceAll(m, "|", `\|`), killers[i])
	}
	fmt.Fprintf(&b, "\n%d mutants, %d killed.\n", len(mutants), len(mutants)-survivors)
	if only == "" {
		if err := os.WriteFile(table, []byte(b.String()), 0o666); err != nil {
			return err
		}
	}
	if survivors > 0 {
		return fmt.Errorf("%d of %d mutants survive", survivors, len(mutants))
	}
	return nil
}
