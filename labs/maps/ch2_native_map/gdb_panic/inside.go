// Two assignments of which the second takes place while the first is under way. A debugger holds the first one
// inside the runtime, sets gate, and lets only the second run.
package main

import "sync/atomic"

var (
	ready int32
	gate  int32
)

// second waits for the debugger to set gate, then assigns.
//
//go:noinline
func second(key int) {
	atomic.StoreInt32(&ready, 1)
	for atomic.LoadInt32(&gate) == 0 {
	}
	shared[key] = "second"
	secondDone()
}

//go:noinline
func secondDone() { atomic.StoreInt32(&gate, 0) }

// overlap assigns twice at a time. The map has room for few more entries: with 8 present the first assignment
// makes it grow, which the runtime does after it has marked the map as being written.
func overlap(present int) {
	for i := 0; i < present; i++ {
		shared[i] = "v"
	}
	go second(present + 1)
	for atomic.LoadInt32(&ready) == 0 {
	}
	hold()
	shared[present] = "first"
	for atomic.LoadInt32(&gate) != 0 {
	}
	hold()
}
