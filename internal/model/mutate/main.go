// Command mutate weakens one ordering at one place after the other, and looks
// whether some model fails. It writes the table internal/model/MUTATIONS.md,
// and exits with an error if a mutant survives.
//
// With -check FILE it compares the table with the sites that a run of the
// models has written to FILE (see model.SitesEnv), and changes nothing.
package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

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

// row is a line of the table: the mutant as model.MutateEnv takes it, and what
// kills it.
var row = regexp.MustCompile(`^\| (.*) \| ([^|]*) \|$`)

// killers returns the mutants in the table, with what kills them.
func killers() (map[string]string, error) {
	text, err := os.ReadFile(table)
	known := map[string]string{}
	for _, line := range strings.Split(string(text), "\n") {
		if m := row.FindStringSubmatch(line); m != nil && strings.Contains(m[1], "->") {
			known[strings.ReplaceAll(m[1], `\|`, "|")] = m[2]
		}
	}
	return known, err
}

// sites returns what a run has written to file: the models by mutant.
func sites(file string) (map[string][]string, error) {
	text, err := os.ReadFile(file)
	met := map[string][]string{}
	for line := range strings.Lines(string(text)) {
		name, m, _ := strings.Cut(strings.TrimSpace(line), "\t")
		met[m] = append(met[m], name)
	}
	return met, err
}

// stale compares the table with the sites in file.
func stale(file string) error {
	met, err := sites(file)
	if err != nil {
		return err
	}
	known, err := killers()
	if err != nil {
		return err
	}
	bad := false
	for _, m := range slices.Sorted(maps.Keys(met)) {
		if _, ok := known[m]; !ok {
			bad = true
			fmt.Println("not in the table:", m)
		}
	}
	for _, m := range slices.Sorted(maps.Keys(known)) {
		if met[m] == nil {
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
type suite struct{ dir, binary string }

// run runs the models that match pattern with one more environment variable,
// and returns what they print.
func (s *suite) run(pattern, env string) (string, error) {
	cmd := exec.Command(s.binary, "-test.run="+pattern, "-test.failfast", "-test.timeout=1h", "-test.v")
	cmd.Dir = s.dir
	cmd.Env = append(os.Environ(), env)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// trial is a model that meets a mutant.
type trial struct {
	*suite
	model string
	took  float64 // seconds, without a mutant
}

func (t *trial) String() string { return strings.TrimPrefix(t.dir, "lockfree/") + " " + t.model }

// kills reports whether the model fails with m. A limit that was met, or a
// crash, proves nothing.
func (t *trial) kills(m string) bool {
	parts := strings.Split(t.model, "/")
	for i, p := range parts {
		parts[i] = "^" + regexp.QuoteMeta(p) + "$"
	}
	out, err := t.run(strings.Join(parts, "/"), model.MutateEnv+"="+m)
	var exit *exec.ExitError
	return errors.As(err, &exit) && exit.ExitCode() == 1 && !strings.Contains(out, model.GaveUp)
}

var passed = regexp.MustCompile(`(?m)^\s*--- PASS: (\S+) \((\S+)s\)`)

// trials builds every package with models, and runs them to find the mutants
// that each meets.
func trials(tmp string) (map[string][]*trial, error) {
	var suites []*suite
	err := filepath.WalkDir(".", func(path string, _ fs.DirEntry, err error) error {
		dir := filepath.Dir(path)
		if err != nil || !strings.HasSuffix(path, "_model_test.go") || len(suites) > 0 && suites[len(suites)-1].dir == dir {
			return err
		}
		s := &suite{dir, filepath.Join(tmp, strings.ReplaceAll(dir, "/", "_")+".test")}
		suites = append(suites, s)
		if out, err := exec.Command("go", "test", "-c", "-tags=model", "-o", s.binary, "./"+dir).CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %s", dir, out)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	all := map[string][]*trial{}
	errs := make([]error, len(suites))
	var mu sync.Mutex
	parallel(len(suites), func(i int) {
		s := suites[i]
		file := s.binary + ".sites"
		out, err := s.run("^TestModel", model.SitesEnv+"="+file)
		if err != nil {
			errs[i] = fmt.Errorf("%s fails without a mutant: %s", s.dir, out)
			return
		}
		took := map[string]float64{}
		for _, m := range passed.FindAllStringSubmatch(out, -1) {
			took[m[1]], _ = strconv.ParseFloat(m[2], 64)
		}
		met, err := sites(file)
		errs[i] = err
		mu.Lock()
		defer mu.Unlock()
		for m, names := range met {
			slices.Sort(names)
			for _, name := range slices.Compact(names) {
				all[m] = append(all[m], &trial{s, name, took[name]})
			}
		}
	})
	return all, errors.Join(errs...)
}

// parallel calls f with every number below n, as many at a time as there are
// processors.
func parallel(n int, f func(i int)) {
	var wg sync.WaitGroup
	turns := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i := range n {
		turns <- struct{}{}
		wg.Go(func() {
			f(i)
			<-turns
		})
	}
	wg.Wait()
}

// kill returns what kills m, "" if nothing does. It tries first what has done so
// before, then the models next to the site, the quick ones first.
func kill(m string, meet []*trial, before string) string {
	slices.SortStableFunc(meet, func(a, b *trial) int {
		return cmp.Or(
			first(a.String() == before, b.String() == before),
			first(strings.HasPrefix(m, a.dir+"/"), strings.HasPrefix(m, b.dir+"/")),
			cmp.Compare(a.took, b.took),
			strings.Compare(a.String(), b.String()),
		)
	})
	for _, t := range meet {
		if t.kills(m) {
			return t.String()
		}
	}
	return ""
}

// first compares two, of which a true one comes first.
func first(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

func mutate(only string) error {
	tmp, err := os.MkdirTemp("", "mutate")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	start := time.Now()
	all, err := trials(tmp)
	if err != nil {
		return err
	}
	fmt.Printf("all models pass without a mutant, in %v\n", time.Since(start).Round(time.Second))
	before, err := killers()
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	mutants := slices.Sorted(maps.Keys(all))
	mutants = slices.DeleteFunc(mutants, func(m string) bool { return !strings.Contains(m, only) })
	found := make([]string, len(mutants))
	parallel(len(mutants), func(i int) {
		start := time.Now()
		m := mutants[i]
		found[i] = cmp.Or(kill(m, all[m], before[m]), "SURVIVES")
		fmt.Printf("%s: %s, %v\n", m, found[i], time.Since(start).Round(time.Millisecond))
	})
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
		if found[i] == "SURVIVES" {
			survivors++
		}
		fmt.Fprintf(&b, "| %s | %s |\n", strings.ReplaceAll(m, "|", `\|`), found[i])
	}
	fmt.Fprintf(&b, "\n%d mutants, %d killed.\n", len(mutants), len(mutants)-survivors)
	if only == "" {
		if err := os.WriteFile(table, []byte(b.String()), 0o666); err != nil {
			return err
		}
	}
	fmt.Printf("%d mutants, %d killed, in %v\n", len(mutants), len(mutants)-survivors, time.Since(start).Round(time.Second))
	if survivors > 0 {
		return fmt.Errorf("%d of %d mutants survive", survivors, len(mutants))
	}
	return nil
}
