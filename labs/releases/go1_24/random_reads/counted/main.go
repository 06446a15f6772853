// Reads random bytes a thousand times, and asks the kernel itself for as many. To be seen, by a debugger: which of the
// two call into the kernel each time.
package main

import (
	"crypto/rand"
	"syscall"
	"unsafe"
)

const times = 1000

var piece [16]byte

func main() {
	read() // so that what is made ready for reads is ready
	begin()
	for i := 0; i < times; i++ {
		read()
	}
	halfway()
	for i := 0; i < times; i++ {
		ask()
	}
	end()
}

func read() {
	if _, err := rand.Read(piece[:]); err != nil {
		panic(err)
	}
}

func ask() {
	n, _, errno := syscall.Syscall(number, uintptr(unsafe.Pointer(&piece)), uintptr(len(piece)), 0)
	if errno != 0 || n != uintptr(len(piece)) {
		panic(errno)
	}
}

//go:noinline
func begin() { piece[0]++ }

//go:noinline
func halfway() { piece[1]++ }

//go:noinline
func end() { piece[2]++ }
