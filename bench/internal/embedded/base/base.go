// Package base is what the programs beside it have in common: nothing or, with
// the build tag withfmt, package fmt, which most programs have and which brings
// half of what this library needs.
package base
