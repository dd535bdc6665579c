//go:build model

package spsc

import "github.com/litesync/litesync"

// mostCalmAfter is 1, so that a model of few steps has ends of both kinds.
const mostCalmAfter = 1

func calmAfter() uint32 { return mostCalmAfter }

func fenceHeavy() { litesync.FenceHeavy() }
