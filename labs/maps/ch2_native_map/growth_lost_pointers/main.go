// Maps grow while the collector is marking, and afterwards their entries are looked at. Nothing but the map refers to
// what an entry holds. To be seen: whether an entry is lost; in maps whose values are pointers and, for comparison, in
// maps whose values are addresses in integers, and in a table of our own that grows without write barriers.
package main

import (
	"os"
	"strconv"
	"sync/atomic"
	"unsafe"
)

// Where the runtime's variable writeBarrier lies, whose first bytes say that the barrier is on: it is while the
// collector marks. The name cannot be used here, so the address stands on the command line.
var barrier *uint32

func marking() bool { return atomic.LoadUint32(barrier) != 0 }

func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		panic(err)
	}
	return n
}

func main() {
	experiment, kind, times := os.Args[1], os.Args[2], number(os.Args[3])
	barrier = (*uint32)(unsafe.Pointer(uintptr(number(os.Args[4]))))
	hasTables = os.Args[5] == "tables"
	pointerAt, secondaryAt = uintptr(number(os.Args[6])), uintptr(number(os.Args[7]))
	lab := &lab{kind: kind, finalizers: os.Args[8] == "finalizers"}
	switch experiment {
	case "grow":
		lab.grow(times)
	case "unfinished":
		lab.unfinished(times)
	case "still":
		lab.still(times)
	case "race":
		lab.race(times)
	}
	lab.print()
}
