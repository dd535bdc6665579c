package main

import (
	"go/token"
	"go/types"
	"log"

	"github.com/mmcloughlin/avo/gotypes"
)

// A decl is how a function looks from Go.
type decl struct {
	signature string
	doc       []string
}

// decls has the functions of both backends. Package litesync says the same of
// their portable twins in arch_generic.go.
var decls = map[string]decl{
	"FenceAcquire": {"func()", []string{
		"FenceAcquire keeps earlier loads before later loads and stores."}},
	"FenceRelease": {"func()", []string{
		"FenceRelease keeps earlier loads and stores before later stores."}},
	"FenceSeqCst": {"func()", []string{
		"FenceSeqCst is a full fence, StoreLoad included."}},
	"Pause": {"func()", []string{
		"Pause is one spin-wait hint."}},
	"Ticks": {"func() uint64", []string{
		"Ticks returns the CPU's time-stamp counter. The CPU may read it earlier or",
		"later than the code around the call."}},
	"TicksOrdered": {"func() uint64", []string{
		"TicksOrdered returns the CPU's time-stamp counter, read after all earlier",
		"loads are done and before any later instruction starts."}},
	"Advance": {"func(x *index) (slot pointer, ok bool)", []string{
		"Advance takes one step of x, looking at the other end when the known Limit",
		"is reached, and returns the slot that it passed. It reports whether there was",
		"a step to take. Only the goroutine that has this end may call it. It is",
		"wait-free: while the stream is dense it waits a bounded time, some hundred",
		"nanoseconds, to find more."}},

	"prefetch": {"func(from, bytes uintptr)", []string{
		"prefetch asks for the cache lines from the address from on, to write to them,",
		"as long as it is less than bytes away from there; bytes is not 0."}},

	"SendStep": {"func(s *Sender) error", []string{
		"SendStep sends what stands in the slot that is next."}},
	"RecvStep": {"func(r *Receiver) (slot pointer)", []string{
		"RecvStep receives a value and returns the slot from which the caller moves it,",
		"nil if the channel is closed and has nothing left."}},
	"recvPass": {"func(r *Receiver) (slot pointer)", []string{
		"recvPass is RecvStep when there is no value."}},
	"jumpBack": {"func()", []string{
		"jumpBack is a return that the CPU does not take for one, see step.go."}},

	"store32":      {"func(p *Uint32, v uint32)", nil},
	"store64":      {"func(p *Uint64, v uint64)", nil},
	"storeUintptr": {"func(p *Uintptr, v uintptr)", nil},
	"cpuid": {"func(leaf uint32) (a uint32, b uint32, c uint32)", []string{
		"cpuid returns EAX, EBX and ECX of a CPUID leaf, subleaf 0."}},
	"counterFrequency": {"func() uint64", []string{
		"counterFrequency returns CNTFRQ_EL0, the rate of the time-stamp counter in Hz."}},
}

// signature parses the signature of a function in decls.
func signature(name string) *gotypes.Signature {
	pkg := types.NewPackage("github.com/litesync/litesync", "litesync")
	for _, t := range []string{"index", "Uint32", "Uint64", "Uintptr", "Sender", "Receiver"} {
		n := types.NewTypeName(token.NoPos, pkg, t, nil)
		types.NewNamed(n, types.NewStruct(nil, nil), nil)
		pkg.Scope().Insert(n)
	}
	pointer := types.NewTypeName(token.NoPos, pkg, "pointer", nil)
	types.NewNamed(pointer, types.Typ[types.UnsafePointer], nil)
	pkg.Scope().Insert(pointer)
	s, err := gotypes.ParseSignatureInPackage(pkg, decls[name].signature)
	if err != nil {
		log.Fatalf("%s: %v", name, err)
	}
	return s
}

// Where the fields of pad.Index are, in bytes; a test of package litesync holds
// pad to it.
const (
	passed   = 0
	limit    = 8
	at       = 16
	stride   = 24
	end      = 32
	base     = 40
	room     = 48 // 4 bytes
	notice   = 52 // 4 bytes
	other    = 56 // 2 bytes
	few      = 58 // 1 byte
	streak   = 59 // 1 byte
	reserved = 60 // 4 bytes
	pos      = 64
)

// The layout of a channel in package internal/channel, which holds it to that in step_asm.go.
const (
	consumer = 128 // the index of the receiving end; that of the sending end is at 0
	strategy = 76  // of who waits for that end, behind its index, 1 byte
	calm     = 1   // the Notice of an open channel whose end has nothing to signal; more is closed
	mayPass  = 1   // what claim says; less is to wait, more to take
)

// What the portable twin of Advance calls by the same names, in index.go.
const (
	dense         = 8
	enoughLog     = 8 // enough is 1<<enoughLog.
	enoughTicks   = 2500
	waitSpins     = 64
	unhelpful     = 64
	prefetchAhead = 256 // bytes ahead of At
	cacheLine     = 64  // or less than one
)
