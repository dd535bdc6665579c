//go:build model

package park

import "github.com/litesync/litesync/internal/model"

// Yield lets other goroutines run.
func Yield() { model.Pause() }
