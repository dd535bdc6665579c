//go:build !model

package litesync

const sysMembarrier = 283
