//go:build model

package channel

import "github.com/litesync/litesync"

// MostCalmAfter is 1 here, so that a model of few steps has ends of both kinds.
const MostCalmAfter = 1

func calmAfter() uint32 { return MostCalmAfter }

func fenceHeavy() { litesync.FenceHeavy() }
