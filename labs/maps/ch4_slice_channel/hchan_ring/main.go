// A buffered channel, filled and emptied while a debugger looks on. Each word on the command line is a small experiment.
// To be seen: where in memory the elements are, how the index of the next one is found, and who allocates the memory.
package main

import (
	"os"
	"runtime/debug"
	"strconv"
	"unsafe"
)

// An element can be read as text.
type element [8]byte

func number(i int) (e element) {
	copy(e[:], "elem-"+strconv.Itoa(100+i))
	return e
}

var (
	ring chan element
	// length and capacity are what the language says of the ring; words are its first three in memory.
	length, capacity int
	words            [3]uintptr
)

func main() {
	debug.SetGCPercent(-1)
	experiments := map[string]func(){
		"fill":  func() { fill(argument()) },
		"ours":  func() { fillOurs(argument()) },
		"make":  makeAll,
		"lines": lines,
	}
	experiments[os.Args[1]]()
}

func argument() int {
	n, err := strconv.Atoi(os.Args[2])
	if err != nil {
		panic(err)
	}
	return n
}

// hold is where a debugger stops the program; it does nothing.
//
//go:noinline
func hold() {}

func look() {
	length, capacity, fixedSize = len(ring), cap(ring), len(fixed)
	words = **(**[3]uintptr)(unsafe.Pointer(&ring))
	hold()
}

// fill has as many elements sent as fit, two received, one more sent, and the rest received.
func fill(size int) {
	ring = make(chan element, size)
	sent := 0
	send := func(n int) {
		for ; n > 0; n-- {
			ring <- number(sent)
			sent++
		}
		look()
	}
	receive := func(n int) {
		for ; n > 0; n-- {
			<-ring
		}
		look()
	}
	look()
	send(size)
	receive(2)
	send(1)
	receive(size - 1)
}
