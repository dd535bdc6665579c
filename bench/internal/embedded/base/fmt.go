//go:build withfmt

package base

import "fmt"

func init() { fmt.Print() }
