//go:build !model

package model_test

import (
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The seam is what stands between the primitives and the machine, so that the
// checker can come in between: the payload hooks, and the atomic types in front
// of those of sync/atomic. Without the model tag it leaves nothing in the machine
// code of testdata/seam, which holds every operation of every primitive.
func TestNoTrace(t *testing.T) {
	if testing.Short() {
		t.Skip("builds programs")
	}
	for _, arch := range []string{"amd64", "arm64"} {
		t.Run(arch, func(t *testing.T) {
			t.Parallel()
			asIs := disassemble(t, arch, nil)
			noChecker(t, asIs)
			everyPackage(t, asIs)
			directAtomics(t, asIs)
			if d := different(asIs, disassemble(t, arch, withoutHooks)); len(d) > 0 {
				t.Errorf("the hooks leave a trace in\n%s", strings.Join(d, "\n"))
			}
			// The comparison can tell.
			d := different(asIs, disassemble(t, arch, withTrace))
			for _, name := range []string{
				"ring.(*Producer[go.shape.uint64]).reserve", "ring.(*Consumer[go.shape.string]).PopSlice",
				"oneshot.(*Sender[go.shape.uint64]).Send", "waker.(*Atomic).Register",
			} {
				if !slices.Contains(d, module+"/lockfree/"+name) {
					t.Errorf("a trace in %s goes unnoticed", name)
				}
			}
		})
	}
}

const module = "github.com/litesync/litesync"

// noChecker looks for the checker itself, and for the detector of misuse.
func noChecker(t *testing.T, code map[string]string) {
	for name := range code {
		if strings.Contains(name, module+"/internal/model") || strings.Contains(name, module+"/internal/misuse") {
			t.Errorf("%s is in a normal build", name)
		}
	}
}

// everyPackage looks whether the program uses every package there is.
func everyPackage(t *testing.T, code map[string]string) {
	names := slices.Sorted(maps.Keys(code))
	for _, pkg := range strings.Fields(run(t, "", "go", "list", module+"/internal/channel", module+"/lockfree/...")) {
		if !slices.ContainsFunc(names, func(name string) bool { return strings.HasPrefix(name, pkg+".") }) {
			t.Errorf("testdata/seam does not use %s", pkg)
		}
	}
}

var (
	unlike       = regexp.MustCompile(`(?m)^(?:NO.*|\?)\n|^J.*$`)
	atomicMethod = regexp.MustCompile(`^` + module + `(\.\(\*(?:Uint32|Uint64|Uintptr|Pointer\[.*\])\)\.)(Load|Swap|CompareAndSwap|Add|Or|And)(?:Relaxed|Acquire)?$`)
	atomicCall   = regexp.MustCompile(`CALL ` + module + `\.\(\*(?:Uint|Pointer)`)
)

// directAtomics looks whether the methods of the atomic types are those of
// sync/atomic, but for stores, and whether all are inlined where they are called.
func directAtomics(t *testing.T, code map[string]string) {
	same := 0
	for name, method := range code {
		if atomicCall.MatchString(method) {
			t.Errorf("%s calls a method of an atomic type", name)
		}
		if m := atomicMethod.FindStringSubmatch(name); m != nil {
			// A method inlined into another one leaves a no-op.
			direct := unlike.ReplaceAllString(code["sync/atomic"+m[1]+m[2]]+"\n", "")
			method = unlike.ReplaceAllString(method+"\n", "")
			if direct == method {
				same++
			} else if direct != "" {
				t.Errorf("%s is\n%s\nbut %s of sync/atomic is\n%s", name, method, m[2], direct)
			}
		}
	}
	if same < 20 {
		t.Errorf("only %d methods of atomic types compared", same)
	}
}

var (
	hookCall = regexp.MustCompile(`(?m)^(\s*)if litesync\.Hooks(?: && .*)? \{\n(?:\s*litesync\.Will(?:Read|Write)(?:Slice)?\(.*\)\n)+\s*\}$`)
	guard    = regexp.MustCompile(`(?m)^\s*if misuse\.On \{\n\s*(?:defer misuse\.Enter\(.*\)\(\)|misuse\.Forget\(.*\))\n\s*\}$`)
	hook     = regexp.MustCompile(`(?m)^(func Will.*) \{\}$`)
)

// withoutHooks takes the calls of the payload hooks out, and those of the detector
// of misuse.
func withoutHooks(_, source string) string {
	if guard.MatchString(source) {
		source = guard.ReplaceAllString(source, "") + "\nvar _ = misuse.On\n"
	}
	if !hookCall.MatchString(source) {
		return source
	}
	return hookCall.ReplaceAllString(source, "$1") + "\nvar _ = litesync.Pause\n" // It may have no other use now.
}

// withTrace makes the payload hooks count.
func withTrace(file, source string) string {
	if file != "payload.go" {
		return source
	}
	source = strings.Replace(source, "const Hooks = false", "const Hooks = true", 1)
	return hook.ReplaceAllString(source, "$1 { Trace++ }") + "\nvar Trace int\n"
}

// disassemble builds testdata/seam, from source files that were changed by edit
// if that is not nil, and returns what functions does.
func disassemble(t *testing.T, arch string, edit func(file, source string) string) map[string]string {
	dir := t.TempDir()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	var overlay struct{ Replace map[string]string }
	overlay.Replace = map[string]string{}
	err = filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || edit == nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		file, err := filepath.Rel(root, path)
		if changed := edit(filepath.ToSlash(file), string(source)); err == nil && changed != string(source) {
			overlay.Replace[path] = filepath.Join(dir, strconv.Itoa(len(overlay.Replace))+".go")
			err = os.WriteFile(overlay.Replace[path], []byte(changed), 0o666)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if edit != nil && len(overlay.Replace) == 0 {
		t.Fatal("no file is changed")
	}
	replace, err := json.Marshal(overlay)
	if err != nil {
		t.Fatal(err)
	}
	file, binary := filepath.Join(dir, "overlay.json"), filepath.Join(dir, "seam")
	if err := os.WriteFile(file, replace, 0o666); err != nil {
		t.Fatal(err)
	}
	run(t, arch, "go", "build", "-overlay", file, "-o", binary, "./testdata/seam")
	return functions(run(t, "", "go", "tool", "objdump", "-s", "^(sync/atomic|"+module+")", binary))
}

func run(t *testing.T, arch, name string, args ...string) string {
	cmd := exec.Command(name, args...)
	if arch != "" {
		cmd.Env = append(os.Environ(), "GOARCH="+arch)
	}
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
	return string(out)
}

var (
	target = regexp.MustCompile(`(?:0x([0-9a-f]+)|(-?\d+)\(PC\))$`)
	data   = regexp.MustCompile(`(?:0x[0-9a-f]+|-?\d+)\((IP|PC)\)`)
	page   = regexp.MustCompile(`^ADRP .*, (R\d+)$`)
)

// functions splits what objdump prints into functions: their instructions by
// their names. Jumps are given by distance, and addresses of data not at all.
func functions(text string) map[string]string {
	all := map[string]string{}
	for _, f := range strings.Split(text, "\nTEXT ") {
		lines := strings.Split(f, "\n")
		name, _, _ := strings.Cut(strings.TrimPrefix(lines[0], "TEXT "), "(SB)")
		var code []string
		var start int64
		register := "" // that the instruction before has loaded with an address, but for its last bits
		for _, line := range lines[1:] {
			fields := strings.FieldsFunc(line, func(r rune) bool { return r == '\t' })
			if len(fields) < 4 {
				continue
			}
			pc, _ := strconv.ParseInt(fields[1], 0, 64)
			if len(code) == 0 {
				start = pc
			}
			op := strings.TrimSpace(fields[3])
			if register != "" {
				op = regexp.MustCompile(`\$\d+, `+register+`\b|\d*\(`+register+`\)`).ReplaceAllString(op, "data("+register+")")
			}
			register = ""
			if m := page.FindStringSubmatch(op); m != nil {
				register = m[1]
			} else if m := target.FindStringSubmatch(op); m != nil && m[1] != "" {
				to, _ := strconv.ParseInt(m[1], 16, 64)
				op = strings.TrimSuffix(op, m[0]) + strconv.FormatInt(to-start, 10)
			}
			code = append(code, data.ReplaceAllString(op, "data($1)"))
		}
		all[name] = strings.Join(code, "\n")
	}
	return all
}

// different returns the names of the functions of the module that differ, or
// are in one of the programs alone.
func different(a, b map[string]string) (names []string) {
	for name, code := range a {
		if strings.HasPrefix(name, module) && b[name] != code {
			names = append(names, name)
		}
	}
	for name := range b {
		if _, ok := a[name]; !ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
