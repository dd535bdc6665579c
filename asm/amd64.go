package main

import (
	"log"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/ir"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/pass"
	"github.com/mmcloughlin/avo/reg"
)

// amd64 is the assembly of the amd64 backend. The machine keeps loads in order
// with loads and stores in order with stores (TSO; Intel 64 and IA-32
// Architectures Software Developer's Manual, volume 3, 9.2), so a plain MOV
// loads with acquire and stores with release; the call keeps the compiler from
// moving anything across.
func amd64() [2]*ir.File {
	return [2]*ir.File{fileAMD64(archAMD64), fileAMD64(channelAMD64)}
}

// fileAMD64 is a file of what emit emits, which begins each function with fn.
func fileAMD64(emit func(c *build.Context, fn func(name string))) *ir.File {
	c := build.NewContext()
	emit(c, func(name string) {
		c.Function(name)
		c.Attributes(attr.NOSPLIT)
		c.Doc(decls[name].doc...)
		c.Signature(signature(name))
	})
	f, err := c.Result()
	if err == nil {
		err = pass.Compile.Execute(f)
	}
	if err != nil {
		log.Fatalf("amd64: %v", err)
	}
	return f
}

// archAMD64 is what package litesync has. Its functions keep no pointer.
func archAMD64(c *build.Context, begin func(name string)) {
	fn := func(name string) {
		begin(name)
		c.Pragma("noescape")
	}

	for _, name := range []string{"FenceAcquire", "FenceRelease"} {
		fn(name)
		c.RET()
	}

	// A locked read-modify-write is a full fence, and several times cheaper than
	// MFENCE. The target is the word below the return address: this thread's own.
	fn("FenceSeqCst")
	locked(c)
	c.ORQ(I8(0), Mem{Base: reg.StackPointer, Disp: -8})
	c.RET()

	fn("Pause")
	c.PAUSE()
	c.RET()

	fn("Ticks")
	ticks(c)
	c.Store(reg.RAX, c.ReturnIndex(0))
	c.RET()

	// RDTSCP waits for earlier loads, LFENCE holds later instructions back.
	fn("TicksOrdered")
	c.CMPB(Mem{Symbol: Symbol{Name: "·useRDTSCP"}, Base: reg.StaticBase}, U8(0))
	c.JEQ(LabelRef("fence"))
	c.RDTSCP()
	c.JMP(LabelRef("join"))
	c.Label("fence")
	c.LFENCE()
	c.RDTSC()
	c.Label("join")
	c.LFENCE()
	c.SHLQ(U8(32), reg.RDX)
	c.ORQ(reg.RDX, reg.RAX)
	c.Store(reg.RAX, c.ReturnIndex(0))
	c.RET()

	fn("store32")
	p := Mem{Base: c.Load(c.Param("p"), c.GP64())}
	c.MOVL(c.Load(c.Param("v"), c.GP32()), p)
	c.RET()
	for _, name := range []string{"store64", "storeUintptr"} {
		fn(name)
		p := Mem{Base: c.Load(c.Param("p"), c.GP64())}
		c.MOVQ(c.Load(c.Param("v"), c.GP64()), p)
		c.RET()
	}

	fn("cpuid")
	c.Load(c.Param("leaf"), reg.EAX)
	c.XORL(reg.ECX, reg.ECX)
	c.CPUID()
	c.Store(reg.EAX, c.Return("a"))
	c.Store(reg.EBX, c.Return("b"))
	c.Store(reg.ECX, c.Return("c"))
	c.RET()

	fn("prefetch")
	c.Load(c.Param("from"), reg.RAX)
	behind := c.Load(c.Param("bytes"), c.GP64())
	c.CMPB(Mem{Symbol: Symbol{Name: "·usePrefetchW"}, Base: reg.StaticBase}, U8(0))
	c.JEQ(LabelRef("done"))
	c.ADDQ(reg.RAX, behind)
	c.Label("next")
	prefetchwRAX(c)
	c.ADDQ(U8(cacheLine), reg.RAX)
	c.CMPQ(reg.RAX, behind)
	c.JCS(LabelRef("next"))
	c.Label("done")
	c.RET()

	fn("Advance")
	advanceAMD64(c)
}

// advanceAMD64 is advance of index.go, step by step.
func advanceAMD64(c *build.Context) {
	x := c.Load(c.Param("x"), c.GP64())
	field := func(disp int) Mem { return Mem{Base: x, Disp: disp} }
	slot, ok := NewParamAddr("slot", 8), NewParamAddr("ok", 16) // avo stores nothing but basic types.
	p := c.GP64()
	c.MOVQ(field(passed), p)
	c.CMPQ(p, field(limit))
	c.JEQ(LabelRef("look"))

	c.Label("step")
	next, from := stepAMD64(c, field, p, func(passed reg.GPVirtual) {
		c.MOVQ(passed, slot)
		c.MOVB(U8(1), ok)
	})
	prefetchAMD64(c, field, p, next, from)

	c.Label("looked")
	c.MOVL(p.As32(), field(reserved))
	c.JMP(LabelRef("step"))

	c.Label("look")
	n := look(c, field, p)
	c.CMPQ(n, U8(dense))
	c.JCS(LabelRef("sparse"))
	c.CMPB(field(streak), I8(0))
	c.JGT(LabelRef("streaming"))
	c.INCB(field(streak))
	c.JMP(LabelRef("looked"))

	c.Label("streaming")
	worth, until, spins := c.GP64(), c.GP64(), c.GP64()
	c.MOVBQZX(field(few), worth)
	c.CMPQ(n, worth)
	c.JCC(LabelRef("looked"))
	c.IMUL3Q(U32(enoughTicks), worth, until)
	c.SHRQ(U8(enoughLog), until)
	ticks(c)
	c.ADDQ(reg.RAX, until)
	c.MOVQ(U32(waitSpins), spins)
	c.Label("pause")
	c.PAUSE()
	ticks(c)
	c.CMPQ(reg.RAX, until)
	c.JPL(LabelRef("again"))
	c.DECQ(spins)
	c.JNE(LabelRef("pause"))
	c.Label("again")
	c.CMPQ(look(c, field, p), n)
	c.JNE(LabelRef("looked"))
	c.MOVB(I8(-unhelpful), field(streak))
	c.JMP(LabelRef("found"))

	c.Label("sparse")
	c.CMPB(field(streak), I8(0))
	c.JLE(LabelRef("found"))
	c.CMPL(field(room), I8(0))
	c.JNE(LabelRef("streaming"))
	c.MOVB(U8(0), field(streak))
	c.Label("found")
	c.TESTQ(n, n)
	c.JNE(LabelRef("looked"))
	// One look at a time: a caller that spins would have tens of them in flight,
	// and their replay costs more than this.
	c.LFENCE()
	c.MOVQ(I32(0), slot)
	c.MOVB(U8(0), ok)
	c.RET()
}

// stepAMD64 is a step that is known to be possible. It calls result with the slot
// that is passed, and returns the next one and that.
func stepAMD64(c *build.Context, field func(int) Mem, p reg.GPVirtual, result func(slot reg.GPVirtual)) (next, from reg.GPVirtual) {
	next, from = c.GP64(), c.GP64()
	c.MOVQ(field(at), from)
	result(from)
	c.MOVQ(from, next)
	c.ADDQ(field(stride), next)
	c.CMPQ(next, field(end))
	c.CMOVQEQ(field(base), next)
	c.INCQ(p)
	c.MOVQ(p, field(pos)) // The release store.
	c.MOVQ(p, field(passed))
	c.MOVQ(next, field(at))
	return next, from
}

// prefetchAMD64 returns, after a step to p that has led from one slot to the next.
func prefetchAMD64(c *build.Context, field func(int) Mem, p, next, from reg.GPVirtual) {
	crossed := from
	c.XORQ(next, crossed)
	c.CMPQ(crossed, U8(cacheLine))
	c.JCC(LabelRef("prefetch"))
	c.RET()

	c.Label("prefetch")
	left := crossed
	c.CMPB(Mem{Symbol: Symbol{Name: "·usePrefetchW"}, Base: reg.StaticBase}, U8(0))
	c.JEQ(LabelRef("done"))
	c.MOVQ(field(limit), left)
	c.SUBQ(p, left)
	c.IMULQ(field(stride), left)
	c.CMPQ(left, U32(prefetchAhead+cacheLine))
	c.JCS(LabelRef("done"))
	c.ADDQ(U32(prefetchAhead), next)
	c.CMPQ(next, field(end))
	c.JCS(LabelRef("inside"))
	c.SUBQ(field(end), next)
	c.ADDQ(field(base), next)
	c.Label("inside")
	c.MOVQ(next, reg.RAX)
	prefetchwRAX(c)
	c.Label("done")
	c.RET()
}

// channelAMD64 is what package channel has: send and recv where there is little to
// do. For all else it jumps to functions of that package with the same argument.
func channelAMD64(c *build.Context, begin func(name string)) {
	// A step on a channel that is open, behind which a calm end has nothing to
	// signal, if it is known that there is a step to take or a look finds few: those
	// of a dense stream are Advance's business. Both looks at Notice are relaxed: the
	// first decides nothing but the way, and the second is that of isCalm in Go.
	step := func(field func(int) Mem, none, general, signal string, result func(slot reg.GPVirtual)) {
		p := c.GP64()
		c.CMPL(field(notice), U8(calm))
		c.JHI(LabelRef("general"))
		c.MOVQ(field(passed), p)
		c.CMPQ(p, field(limit))
		c.JEQ(LabelRef("look"))

		c.Label("step")
		next, from := stepAMD64(c, field, p, result)
		c.CMPL(field(notice), U8(calm))
		c.JNE(LabelRef("signal"))
		prefetchAMD64(c, field, p, next, from)

		c.Label("look")
		n := peer(c, field)
		c.SUBQ(p, n)
		c.JEQ(LabelRef(none))
		c.CMPQ(n, U8(dense))
		c.JCC(LabelRef("general"))
		c.CMPB(field(streak), I8(0))
		c.JGT(LabelRef("general"))
		c.ADDQ(p, n)
		c.MOVQ(n, field(limit))
		c.MOVL(p.As32(), field(reserved))
		c.JMP(LabelRef("step"))

		c.Label("signal")
		jump(c, "JMP", "·"+signal)
		c.Label("general")
		jump(c, "JMP", "·"+general)
	}

	begin("SendStep")
	s := c.Load(c.Param("s"), c.GP64())
	step(func(disp int) Mem { return Mem{Base: s, Disp: disp} }, "general", "send", "sent", func(reg.GPVirtual) {
		c.MOVQ(U32(0), NewParamAddr("ret_itable", 8))
		c.MOVQ(U32(0), NewParamAddr("ret_data", 16))
	})

	slot := NewParamAddr("slot", 8)
	begin("RecvStep")
	r := c.Load(c.Param("r"), c.GP64())
	field := func(disp int) Mem { return Mem{Base: r, Disp: consumer + disp} }
	step(field, "none", "recv", "taken", func(s reg.GPVirtual) { c.MOVQ(s, slot) })
	c.Label("none")
	c.CMPB(Mem{Base: r, Disp: strategy}, U8(0))
	c.JNE(LabelRef("general"))
	jump(c, "JMP", "·recvPass")

	// Whoever is resumed in goyield returns to where the CPU does not expect it,
	// which predicts returns from a stack of its own: so there is no Go function
	// between, and no return but goyield's. See step.go.
	begin("recvPass")
	c.Attributes(0)
	argument := c.AllocLocal(16)
	c.Instruction(&ir.Instruction{Opcode: "NO_LOCAL_POINTERS"})
	r = c.Load(c.Param("r"), c.GP64())
	c.MOVQ(r, argument)
	jump(c, "CALL", "·claim")
	c.CMPB(argument.Offset(8), U8(mayPass))
	c.JCS(LabelRef("claimed"))
	c.JNE(LabelRef("passed"))
	jump(c, "CALL", "runtime·goyield")
	c.Label("passed")
	r = c.Load(c.Param("r"), c.GP64())
	p := c.GP64()
	c.MOVQ(field(passed), p)
	l := peer(c, field)
	c.CMPQ(l, p)
	c.JEQ(LabelRef("missed"))
	c.MOVQ(l, field(limit))
	stepAMD64(c, field, p, func(s reg.GPVirtual) { c.MOVQ(s, slot) })
	jump(c, "RET", "·jumpBack")
	c.Label("claimed")
	jump(c, "RET", "·recvClaimed")
	c.Label("missed")
	jump(c, "RET", "·recvMissed")

	begin("jumpBack")
	c.Attributes(attr.NOSPLIT | attr.NOFRAME)
	c.POPQ(reg.RCX)
	c.Instruction(&ir.Instruction{Opcode: "JMP", Operands: []Op{reg.RCX}, IsTerminal: true})
}

// jump goes to another function, by JMP, CALL, or RET, which leaves the frame
// and then jumps.
func jump(c *build.Context, how, to string) {
	c.Instruction(&ir.Instruction{
		Opcode: how, Operands: []Op{Mem{Symbol: Symbol{Name: to}, Base: reg.StaticBase}}, IsTerminal: how != "CALL"})
}

// look is look of index.go: it leaves the new limit's distance from p.
func look(c *build.Context, field func(int) Mem, p reg.GPVirtual) reg.GPVirtual {
	n := peer(c, field)
	c.MOVQ(n, field(limit))
	c.SUBQ(p, n)
	return n
}

// peer leaves what Limit would be after a look.
func peer(c *build.Context, field func(int) Mem) reg.GPVirtual {
	n, way, ahead := c.GP64(), c.GP64(), c.GP64()
	c.MOVWQSX(field(other), way)
	c.MOVQ(Mem{Base: field(0).Base, Disp: field(pos).Disp, Index: way, Scale: 1}, n) // The acquire load.
	c.MOVL(field(room), ahead.As32())
	c.ADDQ(ahead, n)
	return n
}

// prefetchwRAX is PREFETCHW (RAX), which neither avo nor the Go assembler knows
// (Intel SDM volume 2, PREFETCHW).
func prefetchwRAX(c *build.Context) {
	for _, b := range []uint64{0x0f, 0x0d, 0x08} {
		c.Instruction(&ir.Instruction{Opcode: "BYTE", Operands: []Op{U8(b)}, Inputs: []Op{reg.RAX}})
	}
}

// ticks leaves the time-stamp counter in RAX and clobbers RDX.
func ticks(c *build.Context) {
	c.RDTSC()
	c.SHLQ(U8(32), reg.RDX)
	c.ORQ(reg.RDX, reg.RAX)
}

// locked prefixes the next instruction with LOCK, for which avo has no
// constructor.
func locked(c *build.Context) { c.Instruction(&ir.Instruction{Opcode: "LOCK"}) }
