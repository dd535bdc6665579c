// Command asm writes the assembly of package litesync, with its Go stubs, into
// a folder:
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
	out := os.Args[1]
	for arch, f := range map[string]*ir.File{"amd64": amd64(), "arm64": arm64()} {
		constraint, err := buildtags.ParseConstraint("!purego,!race,!model")
		if err != nil {
			log.Fatal(err)
		}
		f.Constraints = constraint.ToConstraints()
		if err := pass.IncludeTextFlagHeader(f); err != nil {
			log.Fatal(err)
		}
		// A fixed name: avo's own would hold the path of a temporary binary.
		cfg := printer.Config{Name: "asm/" + arch + ".go", Pkg: "litesync"}
		write(filepath.Join(out, "arch_"+arch+".s"), printer.NewGoAsm(cfg), f)
		write(filepath.Join(out, "stubs_"+arch+".go"), printer.NewStubs(cfg), f)
	}
}

func write(path string, p printer.Printer, f *ir.File) {
	text, err := p.Print(f)
	if err == nil {
		err = os.WriteFile(path, text, 0o644)
	}
	if err != nil {
		log.Fatalf("%s: %v", path, err)
	}
}
