// Needs some memory. To be seen, by a debugger: whether the runtime asks the kernel to give the mappings names.
package main

//go:noinline
func ready(at *[64 << 20]byte) { last = at }

var last *[64 << 20]byte

func main() { ready(new([64 << 20]byte)) }
