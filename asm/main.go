// Command asm writes the assembly of litesync and of internal/channel, with its Go
// stubs, into a folder:
//
//	go run . ..
//
// Both architectures go through avo's intermediate form and printers; amd64
// uses avo's constructors too, arm64 the small vocabulary in arm64.go.
package main

import (
	"log"
	"os"
	"path/filepath"

	"github.com/mmcloughlin/avo/buildtags"
	"github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/pass"
	"github.com/mmcloughlin/avo/printer"
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: asm FOLDER")
	}
	for arch, files := range map[string][2]*ir.File{"amd64": amd64(), "arm64": arm64()} {
		save(arch, files[0], "litesync", "!purego,!race,!model", "arch", "stubs")
		save(arch, files[1], "channel", "go1.25,!go1.27,!aix,!solaris,!purego,!race,!model,!litesyncdebug", "internal/channel/step", "internal/channel/step_stubs")
	}
}

// save writes the assembly of a package and its stubs, to files of those names for
// that architecture.
func save(arch string, f *ir.File, pkg, tags, asm, stubs string) {
	constraint, err := buildtags.ParseConstraint(tags)
	if err != nil {
		log.Fatal(err)
	}
	f.Constraints = constraint.ToConstraints()
	if err := pass.IncludeTextFlagHeader(f); err != nil {
		log.Fatal(err)
	}
	if pkg == "channel" {
		f.Includes = append(f.Includes, "funcdata.h") // for NO_LOCAL_POINTERS
	}
	// A fixed name: avo's own would hold the path of a temporary binary.
	cfg := printer.Config{Name: "asm/" + arch + ".go", Pkg: pkg}
	write(asm+"_"+arch+".s", printer.NewGoAsm(cfg), f)
	write(stubs+"_"+arch+".go", printer.NewStubs(cfg), f)
}

func write(name string, p printer.Printer, f *ir.File) {
	path := filepath.Join(os.Args[1], name)
	text, err := p.Print(f)
	if err == nil {
		err = os.MkdirAll(filepath.Dir(path), 0o755)
	}
	if err == nil {
		err = os.WriteFile(path, text, 0o644)
	}
	if err != nil {
		log.Fatalf("%s: %v", path, err)
	}
}
