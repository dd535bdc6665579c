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
func amd64() *ir.File {
	c := build.NewContext()
	fn := func(name string) {
		c.Function(name)
		c.Attributes(attr.NOSPLIT)
		c.Pragma("noescape")
		c.Doc(decls[name].doc...)
		c.Signature(signature(name))
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
	c.MOVL(c.Load(c.Param("v"), c.GP32()).(reg.Register), p)
	c.RET()
	for _, name := range []string{"store64", "storeUintptr"} {
		fn(name)
		p := Mem{Base: c.Load(c.Param("p"), c.GP64())}
		c.MOVQ(c.Load(c.Param("v"), c.GP64()).(reg.Register), p)
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

	fn("Advance")
	advanceAMD64(c)

	f, err := c.Result()
	if err == nil {
		err = pass.Compile.Execute(f)
	}
	if err != nil {
		log.Fatalf("amd64: %v", err)
	}
	return f
}

// advanceAMD64 is advance of index.go, step by step.
func advanceAMD64(c *build.Context) {
	x := c.Load(c.Param("x"), c.GP64())
	field := func(disp int) Mem { return Mem{Base: x, Disp: disp} }
	p := c.GP64()
	c.MOVQ(field(pos), p)
	c.CMPQ(p, field(limit))
	c.JEQ(LabelRef("look"))

	c.Label("step")
	slot := c.GP64()
	c.MOVQ(field(at), slot)
	c.ADDQ(field(stride), slot)
	c.CMPQ(slot, field(end))
	c.CMOVQEQ(field(base), slot)
	c.MOVQ(slot, field(at))
	c.INCQ(p)
	c.MOVQ(p, field(pos)) // The release store.
	c.Store(one(c), c.ReturnIndex(0))
	c.RET()

	c.Label("look")
	c.CMPQ(field(found), I8(dense))
	c.JCS(LabelRef("load"))
	ticks(c)
	start, now, left := c.GP64(), c.GP64(), c.GP64()
	c.MOVQ(reg.RAX, start)
	c.MOVQ(I32(waitSpins), left)
	c.Label("wait")
	c.PAUSE()
	ticks(c)
	c.MOVQ(reg.RAX, now)
	c.SUBQ(start, now)
	c.CMPQ(now, Mem{Symbol: Symbol{Name: "·denseTicks"}, Base: reg.StaticBase})
	c.JCC(LabelRef("load"))
	c.DECQ(left)
	c.JNE(LabelRef("wait"))

	c.Label("load")
	l := c.GP64()
	c.MOVQ(field(other), l)
	c.MOVQ(Mem{Base: l, Disp: pos}, l) // The acquire load.
	c.ADDQ(field(room), l)
	c.MOVQ(l, field(limit))
	c.SUBQ(p, l)
	c.MOVQ(l, field(found))
	c.JNE(LabelRef("step"))
	zero := c.GP8()
	c.XORB(zero, zero)
	c.Store(zero, c.ReturnIndex(0))
	c.RET()
}

func one(c *build.Context) reg.Register {
	r := c.GP8()
	c.MOVB(U8(1), r)
	return r
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
