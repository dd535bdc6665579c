//go:build (amd64 || arm64) && go1.25 && !go1.27 && !aix && !solaris && !purego && !race && !model && !litesyncdebug

package channel

//lint:file-ignore U1000 The assembly uses it.

import (
	"slices"
	"unsafe"

	"github.com/litesync/litesync"
)

// What the assembly branches on, by CPU.
var (
	usePrefetchW = has("prefetchw")
	useLRCPC     = has("lrcpc")
)

func has(feature string) bool { return slices.Contains(litesync.Features(), feature) }

// sent is the rest of SendStep if it has published and the end is not calm.
func sent(s *Sender) error { return s.Sent() }

// taken is the rest of RecvStep if it has received and the end is not calm.
func taken(r *Receiver) pointer {
	r.Taken()
	return litesync.Last(r.C())
}

// What asm/decl.go says of a channel.
const (
	consumer = 128
	strategy = 76
)

var _ = [1]struct{}{}[unsafe.Offsetof(Core{}.P)|
	(unsafe.Offsetof(Core{}.C)^consumer)|
	((unsafe.Offsetof(Core{}.items)+unsafe.Offsetof(condition{}.strategy))^strategy)|
	(calm^1)|(mayPass^1)|uintptr(Park)]
