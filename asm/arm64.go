package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/operand"
)

// op is an arm64 operand, in the Go assembler's spelling: a register R0 to R26,
// an address 8(R0), a symbol, an immediate $1 or a label.
type op string

// Asm returns the operand as avo prints it.
func (o op) Asm() string { return string(o) }

// imm is an immediate operand.
func imm(v int) op { return op(fmt.Sprintf("$%d", v)) }

// mem is the address disp bytes behind a register.
func mem(base op, disp int) op { return op(fmt.Sprintf("%d(%s)", disp, base)) }

// Operands of DMB and ISB (Arm Architecture Reference Manual, C6.2).
const (
	ishld = op("$9")  // loads before loads and stores, inner shareable
	ish   = op("$11") // everything before everything, inner shareable
	sy    = op("$15")
)

// function collects one arm64 function. avo's passes know amd64 alone, so
// registers are chosen by hand.
type function struct{ *ir.Function }

func (f function) i(opcode string, operands ...op) {
	i := &ir.Instruction{Opcode: opcode, IsTerminal: opcode == "RET"}
	for _, o := range operands {
		i.Operands = append(i.Operands, operand.Op(o))
	}
	f.AddInstruction(i)
}

func (f function) label(l string) { f.AddLabel(ir.Label(l)) }

// ldapr emits LDAPR, which the Go assembler does not know (Arm Architecture
// Reference Manual, C6.2.138).
func (f function) ldapr(addr, to int) {
	f.i("WORD", op(fmt.Sprintf("$%#08x", 0xf8bfc000|addr<<5|to)))
}

// ticks reads the time-stamp counter.
func (f function) ticks(to op) { f.i("MRS", "CNTVCT_EL0", to) }

// arm64 is the assembly of the arm64 backend.
func arm64() *ir.File {
	file := ir.NewFile()
	fn := func(name string) function {
		f := ir.NewFunction(name)
		f.Attributes = attr.NOSPLIT
		f.AddPragma("noescape")
		f.Doc = decls[name].doc
		f.SetSignature(signature(name))
		file.AddSection(f)
		return function{f}
	}

	f := fn("FenceAcquire")
	f.i("DMB", ishld)
	f.i("RET")

	// Not ISHST, which lets earlier loads pass later stores.
	f = fn("FenceRelease")
	f.i("DMB", ish)
	f.i("RET")

	f = fn("FenceSeqCst")
	f.i("DMB", ish)
	f.i("RET")

	// ISB, because YIELD does nothing on cores without hardware threads.
	f = fn("Pause")
	f.i("ISB", sy)
	f.i("RET")

	f = fn("Ticks")
	f.ticks("R0")
	f.i("MOVD", "R0", "ret+0(FP)")
	f.i("RET")

	// DMB ISHLD completes earlier loads before the ISB, which holds back the read
	// of the counter; the second ISB holds back what follows.
	f = fn("TicksOrdered")
	f.i("DMB", ishld)
	f.i("ISB", sy)
	f.ticks("R0")
	f.i("ISB", sy)
	f.i("MOVD", "R0", "ret+0(FP)")
	f.i("RET")

	f = fn("counterFrequency")
	f.i("MRS", "CNTFRQ_EL0", "R0")
	f.i("MOVD", "R0", "ret+0(FP)")
	f.i("RET")

	advanceARM64(fn("Advance"))
	return file
}

// advanceARM64 is advance of index.go, step by step.
func advanceARM64(f function) {
	const x, p, r2, r3, r4, r5 = op("R0"), op("R1"), op("R2"), op("R3"), op("R4"), op("R5")
	f.i("MOVD", "x+0(FP)", x)
	f.i("MOVD", mem(x, pos), p)
	f.i("MOVD", mem(x, limit), r2)
	f.i("CMP", r2, p)
	f.i("BEQ", "look")

	f.label("step")
	f.i("MOVD", mem(x, at), r2)
	f.i("MOVD", mem(x, stride), r3)
	f.i("ADD", r3, r2)
	f.i("MOVD", mem(x, end), r3)
	f.i("MOVD", mem(x, base), r4)
	f.i("CMP", r3, r2)
	f.i("CSEL", "EQ", r4, r2, r2)
	f.i("MOVD", r2, mem(x, at))
	f.i("ADD", imm(1), p)
	f.i("STLR", p, mem(x, pos))
	f.i("MOVD", imm(1), r2)
	f.i("MOVB", r2, "ret+8(FP)")
	f.i("RET")

	f.label("look")
	f.i("MOVD", mem(x, found), r2)
	f.i("CMP", imm(dense), r2)
	f.i("BLO", "load")
	f.ticks(r2)
	f.i("MOVD", "·denseTicks(SB)", r3)
	f.i("MOVD", imm(waitSpins), r4)
	f.label("wait")
	f.i("ISB", sy)
	f.ticks(r5)
	f.i("SUB", r2, r5)
	f.i("CMP", r3, r5)
	f.i("BHS", "load")
	f.i("SUB", imm(1), r4)
	f.i("CBNZ", r4, "wait")

	f.label("load")
	f.i("MOVD", mem(x, other), r2)
	f.i("MOVBU", "·useLRCPC(SB)", r3)
	f.i("CBZ", r3, "ldar")
	f.ldapr(2, 2)
	f.i("JMP", "found")
	f.label("ldar")
	f.i("LDAR", mem(r2, pos), r2)
	f.label("found")
	f.i("MOVD", mem(x, room), r3)
	f.i("ADD", r3, r2)
	f.i("MOVD", r2, mem(x, limit))
	f.i("SUB", p, r2)
	f.i("MOVD", r2, mem(x, found))
	f.i("CBNZ", r2, "step")
	f.i("MOVB", "ZR", "ret+8(FP)")
	f.i("RET")
}
