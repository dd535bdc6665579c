package main

import (
	"fmt"
	"log"
	"strconv"
	"strings"

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
func (f function) ldapr(addr, to op) {
	f.i("WORD", op(fmt.Sprintf("$%#08x", 0xf8bfc000|addr.number()<<5|to.number())))
}

// number returns the number of a register.
func (o op) number() int {
	n, err := strconv.Atoi(strings.TrimPrefix(string(o), "R"))
	if err != nil {
		log.Fatalf("arm64: %s is no register", o)
	}
	return n
}

// ticks reads the time-stamp counter.
func (f function) ticks(to op) { f.i("MRS", "CNTVCT_EL0", to) }

// arm64 is the assembly of the arm64 backend: that of package litesync and that of
// package channel.
func arm64() [2]*ir.File { return [2]*ir.File{archARM64(), channelARM64()} }

// begin begins a function.
func begin(file *ir.File, name string) function {
	f := ir.NewFunction(name)
	f.Attributes = attr.NOSPLIT
	f.Doc = decls[name].doc
	f.SetSignature(signature(name))
	file.AddSection(f)
	return function{f}
}

// archARM64 is what package litesync has. Its functions keep no pointer.
func archARM64() *ir.File {
	file := ir.NewFile()
	fn := func(name string) function {
		f := begin(file, name)
		f.AddPragma("noescape")
		return f
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

	f = fn("prefetch")
	f.i("MOVD", "from+0(FP)", "R0")
	f.i("MOVD", "bytes+8(FP)", "R1")
	f.i("ADD", "R0", "R1")
	f.label("next")
	f.i("PRFM", mem("R0", 0), "PSTL1KEEP")
	f.i("ADD", imm(cacheLine), "R0")
	f.i("CMP", "R1", "R0")
	f.i("BLO", "next")
	f.i("RET")

	advanceARM64(fn("Advance"))
	return file
}

// advanceARM64 is advance of index.go, step by step.
func advanceARM64(f function) {
	const x, p, r2, r3, r4, r5, r6 = op("R0"), op("R1"), op("R2"), op("R3"), op("R4"), op("R5"), op("R6")
	f.i("MOVD", "x+0(FP)", x)
	f.i("MOVD", mem(x, passed), p)
	f.i("MOVD", mem(x, limit), r2)
	f.i("CMP", r2, p)
	f.i("BEQ", "look")

	f.label("step")
	f.step(x, 0, func(slot, scratch op) {
		f.i("MOVD", slot, "slot+8(FP)")
		f.i("MOVD", imm(1), scratch)
		f.i("MOVB", scratch, "ok+16(FP)")
	})
	f.prefetch(x, 0)

	f.label("looked")
	f.i("MOVW", p, mem(x, reserved))
	f.i("JMP", "step")

	f.label("look")
	f.look(x, p, r2, "asked")
	f.i("CMP", imm(dense), r2)
	f.i("BLO", "sparse")
	f.i("MOVB", mem(x, streak), r3)
	f.i("CMP", imm(0), r3)
	f.i("BGT", "streaming")
	f.i("ADD", imm(1), r3)
	f.i("MOVB", r3, mem(x, streak))
	f.i("JMP", "looked")

	f.label("streaming")
	f.i("MOVBU", mem(x, few), r4)
	f.i("CMP", r4, r2)
	f.i("BHS", "looked")
	f.ticks(r3)
	f.i("MOVD", "·enoughTicks(SB)", r5)
	f.i("MUL", r5, r4)
	f.i("LSR", imm(enoughLog), r4)
	f.i("MOVD", imm(waitSpins), r5)
	f.label("pause")
	f.i("ISB", sy)
	f.ticks(r6)
	f.i("SUB", r3, r6)
	f.i("CMP", r4, r6)
	f.i("BHS", "again")
	f.i("SUB", imm(1), r5)
	f.i("CBNZ", r5, "pause")
	f.label("again")
	f.look(x, p, r3, "askedAgain")
	f.i("CMP", r2, r3)
	f.i("BNE", "looked")
	f.i("MOVD", imm(-unhelpful), r3)
	f.i("MOVB", r3, mem(x, streak))
	f.i("JMP", "found")

	f.label("sparse")
	f.i("MOVB", mem(x, streak), r3)
	f.i("CMP", imm(0), r3)
	f.i("BLE", "found")
	f.i("MOVWU", mem(x, room), r3)
	f.i("CBNZ", r3, "streaming")
	f.i("MOVB", "ZR", mem(x, streak))
	f.label("found")
	f.i("CBNZ", r2, "looked")
	f.i("ISB", sy) // One look at a time, as on amd64.
	f.i("MOVD", "ZR", "slot+8(FP)")
	f.i("MOVB", "ZR", "ok+16(FP)")
	f.i("RET")
}

// step is a step of the index disp behind x, with its Passed in R1, that is known
// to be possible. It calls result with the slot that is passed and a register to
// use, and leaves that slot in R5, the next one in R2, End in R3 and Base in R4.
func (f function) step(x op, disp int, result func(slot, scratch op)) {
	const p, r2, r3, r4, r5, r6 = op("R1"), op("R2"), op("R3"), op("R4"), op("R5"), op("R6")
	field := func(d int) op { return mem(x, disp+d) }
	f.i("MOVD", field(at), r5)
	result(r5, r3)
	f.i("MOVD", field(stride), r3)
	f.i("ADD", r3, r5, r2)
	f.i("MOVD", field(end), r3)
	f.i("MOVD", field(base), r4)
	f.i("CMP", r3, r2)
	f.i("CSEL", "EQ", r4, r2, r2)
	f.i("ADD", imm(1), p)
	f.i("ADD", imm(disp+pos), x, r6)
	f.i("STLR", p, mem(r6, 0))
	f.i("MOVD", p, field(passed))
	f.i("MOVD", r2, field(at))
}

// prefetch returns after step.
func (f function) prefetch(x op, disp int) {
	const p, r2, r3, r4, r5, r6 = op("R1"), op("R2"), op("R3"), op("R4"), op("R5"), op("R6")
	field := func(d int) op { return mem(x, disp+d) }
	f.i("EOR", r2, r5)
	f.i("CMP", imm(cacheLine), r5)
	f.i("BHS", "prefetch")
	f.i("RET")

	f.label("prefetch")
	f.i("MOVD", field(limit), r5)
	f.i("SUB", p, r5)
	f.i("MOVD", field(stride), r6)
	f.i("MUL", r6, r5)
	f.i("CMP", imm(prefetchAhead+cacheLine), r5)
	f.i("BLO", "done")
	f.i("ADD", imm(prefetchAhead), r2)
	f.i("CMP", r3, r2)
	f.i("BLO", "inside")
	f.i("SUB", r3, r2)
	f.i("ADD", r4, r2)
	f.label("inside")
	f.i("PRFM", mem(r2, 0), "PSTL1KEEP")
	f.label("done")
	f.i("RET")
}

// channelARM64 is what package channel has, step by step that of amd64. But for the last
// return: what a processor loses by it was measured on amd64 alone.
func channelARM64() *ir.File {
	const x, p, r2, r3 = op("R0"), op("R1"), op("R2"), op("R3")
	file := ir.NewFile()
	step := func(f function, end op, disp int, none, general, signal string, result func(slot op)) {
		f.i("MOVD", end+"+0(FP)", x)
		f.i("MOVWU", mem(x, disp+notice), r2)
		f.i("CMP", imm(calm), r2)
		f.i("BHI", "general")
		f.i("MOVD", mem(x, disp+passed), p)
		f.i("MOVD", mem(x, disp+limit), r2)
		f.i("CMP", r2, p)
		f.i("BEQ", "look")

		f.label("step")
		f.step(x, disp, func(slot, _ op) { result(slot) })
		f.i("MOVWU", mem(x, disp+notice), "R6")
		f.i("CMP", imm(calm), "R6")
		f.i("BNE", "signal")
		f.prefetch(x, disp)

		f.label("look")
		f.peer(x, disp, r2, "asked")
		f.i("SUB", p, r2, r3)
		f.i("CBZ", r3, op(none))
		f.i("CMP", imm(dense), r3)
		f.i("BHS", "general")
		f.i("MOVB", mem(x, disp+streak), r3)
		f.i("CMP", imm(0), r3)
		f.i("BGT", "general")
		f.i("MOVD", r2, mem(x, disp+limit))
		f.i("MOVW", p, mem(x, disp+reserved))
		f.i("JMP", "step")

		f.label("signal")
		f.i("JMP", op("·"+signal+"(SB)"))
		f.label("general")
		f.i("JMP", op("·"+general+"(SB)"))
	}

	f := begin(file, "SendStep")
	step(f, "s", 0, "general", "send", "sent", func(op) { f.i("STP", "(ZR, ZR)", "ret_itable+8(FP)") })

	f = begin(file, "RecvStep")
	step(f, "r", consumer, "none", "recv", "taken", func(slot op) { f.i("MOVD", slot, "slot+8(FP)") })
	f.label("none")
	f.i("MOVBU", mem(x, strategy), r2)
	f.i("CBNZ", r2, "general")
	f.i("JMP", "·recvPass(SB)")

	f = begin(file, "recvPass")
	f.Attributes = 0
	f.AllocLocal(16)
	f.i("NO_LOCAL_POINTERS")
	f.i("MOVD", "r+0(FP)", x)
	f.i("MOVD", x, "8(RSP)")
	f.i("CALL", "·claim(SB)")
	f.i("MOVBU", "16(RSP)", r2)
	f.i("CMP", imm(mayPass), r2)
	f.i("BLO", "claimed")
	f.i("BNE", "passed")
	f.i("CALL", "runtime·goyield(SB)")
	f.label("passed")
	f.i("MOVD", "r+0(FP)", x)
	f.i("MOVD", mem(x, consumer+passed), p)
	f.peer(x, consumer, r2, "asked")
	f.i("CMP", r2, p)
	f.i("BEQ", "missed")
	f.i("MOVD", r2, mem(x, consumer+limit))
	f.step(x, consumer, func(slot, _ op) { f.i("MOVD", slot, "slot+8(FP)") })
	f.i("RET")
	f.label("claimed")
	f.i("RET", "·recvClaimed(SB)")
	f.label("missed")
	f.i("RET", "·recvMissed(SB)")
	return file
}

// look is look of index.go: it leaves the new limit's distance from p in n and
// clobbers R6.
func (f function) look(x, p, n op, label string) {
	f.peer(x, 0, n, label)
	f.i("MOVD", n, mem(x, limit))
	f.i("SUB", p, n)
}

// peer leaves in n what the Limit of the index disp behind x would be after a look,
// and clobbers R6.
func (f function) peer(x op, disp int, n op, label string) {
	const r6 = op("R6")
	f.i("MOVH", mem(x, disp+other), n)
	f.i("ADD", x, n)
	f.i("ADD", imm(disp+pos), n)
	f.i("MOVBU", "·useLRCPC(SB)", r6)
	f.i("CBZ", r6, op(label+"LDAR"))
	f.ldapr(n, n)
	f.i("JMP", op(label))
	f.label(label + "LDAR")
	f.i("LDAR", mem(n, 0), n)
	f.label(label)
	f.i("MOVWU", mem(x, disp+room), r6)
	f.i("ADD", r6, n)
}
