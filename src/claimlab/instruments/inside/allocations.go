// Calls one function many times and counts what the heap gave meanwhile; or a few times, for a debugger to count.
// The instrument "allocations" adds this file to a lab's sources, and beside it one that names the functions.
package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
)

var (
	countedFunctions    = map[string]func(){"": func() {}, "new": allocateOne}
	countedBefore       runtime.MemStats
	countedAfter        runtime.MemStats
	allocatedForControl *[4]uint64
)

// allocateOne is what the instrument tries itself on: one object of 32 bytes.
func allocateOne() { allocatedForControl = new([4]uint64) }

// main is called with the name of a function, and how often it is called before it is counted, in each round of
// counting, and how many rounds there are; without rounds the debugger counts.
func main() {
	debug.SetGCPercent(-1) // a collection would empty pools, and what is freed could be used again
	call := countedFunctions[os.Args[1]]
	warmUp, calls, rounds := countedNumber(2), countedNumber(3), countedNumber(4)
	if rounds == 0 {
		callCounted(call, warmUp)
		countingBegins()
		callCounted(call, calls)
		countingEnds()
		return
	}
	line := []byte("allocations [")
	for round := 0; round < rounds; round++ {
		runtime.GC() // so the rounds together need no more memory than one
		callCounted(call, warmUp)
		runtime.ReadMemStats(&countedBefore)
		callCounted(call, calls)
		runtime.ReadMemStats(&countedAfter)
		if round > 0 {
			line = append(line, ',')
		}
		line = append(line, `{"objects":`...)
		line = strconv.AppendUint(line, countedAfter.Mallocs-countedBefore.Mallocs, 10)
		line = append(line, `,"size_bytes":`...)
		line = strconv.AppendUint(line, countedAfter.TotalAlloc-countedBefore.TotalAlloc, 10)
		line = append(line, '}')
	}
	os.Stdout.Write(append(line, "]\n"...))
}

// callCounted is given a function value that no compiler knows here, so nothing of the call can be left out.
//
//go:noinline
func callCounted(call func(), times int) {
	for i := 0; i < times; i++ {
		call()
	}
}

func countedNumber(place int) int {
	number, err := strconv.Atoi(os.Args[place])
	if err != nil {
		panic(err)
	}
	return number
}

//go:noinline
func countingBegins() {}

//go:noinline
func countingEnds() {}
