//go:build go1.25 && !go1.27 && !aix && !solaris && !purego && !race && !litesyncdebug && !model

package park_test

// parkerSize is that of a Parker: two words of 8 bytes.
const parkerSize = 16
