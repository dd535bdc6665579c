package litesync

import (
	"os"
	"slices"
	"strings"
)

// DisableEnv names the environment variable that switches features off: a
// comma-separated list of names as Features returns them, read at init.
const DisableEnv = "LITESYNC_DISABLE"

// feature is a CPU feature that a backend chooses instructions by.
type feature struct {
	name string
	use  *bool // what the backend branches on
}

var features = enable(detect(), os.Getenv(DisableEnv))

// enable switches on what was detected and is not in the list off, and returns
// the names.
func enable(found []feature, off string) []string {
	var names []string
	for _, f := range found {
		if !slices.Contains(strings.Split(off, ","), f.name) {
			*f.use = true
			names = append(names, f.name)
		}
	}
	return names
}

// Backend returns the name of the backend this build runs on: "amd64",
// "arm64", "generic" or "model".
func Backend() string { return backend }

// Features returns the names of the CPU features that were detected at init
// and are in use.
func Features() []string { return slices.Clone(features) }
