// Makes slices in many ways, each in a function of its own, and calls look with the addresses of array and header.
// To be seen: whether these lie on the goroutine's stack, by a debugger; and how many objects the heap counts meanwhile.
package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"unsafe"
)

// What look has been told last; kept, so that the calls are not empty.
var lastArray, lastHeader uintptr

// look is where a debugger compares the addresses with the bounds of the stack. Numbers keep nothing alive.
//
//go:noinline
func look(array, header uintptr) { lastArray, lastHeader = array, header }

func at(p unsafe.Pointer) uintptr { return uintptr(p) }

const times = 200

// counted has called the function many times and prints how many objects, of how many bytes, the heap counted.
func counted(label string, n int, make func(int)) {
	make(n) // what is made only once is not counted
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for i := 0; i < times; i++ {
		make(n)
	}
	runtime.ReadMemStats(&after)
	os.Stdout.WriteString(`{"label": ` + strconv.Quote(label) + `, "n": ` + strconv.Itoa(n) +
		`, "objects": ` + strconv.FormatUint(after.Mallocs-before.Mallocs, 10) +
		`, "bytes": ` + strconv.FormatUint(after.TotalAlloc-before.TotalAlloc, 10) + "}\n")
}

func main() {
	debug.SetGCPercent(-1)
	onHeap = make([]int, 5)
	giver = giveFive
	for _, c := range cases {
		if len(os.Args) > 1 {
			c.make(c.n)
		} else {
			counted(c.label, c.n, c.make)
		}
	}
}
