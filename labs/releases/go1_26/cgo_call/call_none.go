//go:build !cgo

package main

// As long as those of C take: the kernel's clock of a process is coarse.
const calls = 20_000_000

//go:noinline
func call() {}
