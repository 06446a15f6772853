// Two assignments to one map without a lock. A debugger holds the first one and lets only the second one run.
package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"sync/atomic"
)

var (
	together int32
	ready    int32
	gate     int32
)

// second waits for first, then for the debugger to set gate, and assigns a new key.
//
//go:noinline
func second() {
	for atomic.LoadInt32(&together) == 0 {
		runtime.Gosched()
	}
	atomic.StoreInt32(&ready, 1)
	spinUntil(&gate)
	assignText("second", "2")
	secondDone()
}

//go:noinline
func secondDone() { atomic.StoreInt32(&gate, 0) }

// first assigns while second is about to. Both keep their processors from now on: neither yields.
func first(key string) {
	atomic.StoreInt32(&together, 1)
	spinUntil(&ready)
	assignText(key, "1")
	hold()
}

// spinUntil ends the process if nobody comes: while it spins no collection can begin or end.
func spinUntil(flag *int32) {
	const patience = 1 << 30
	for i := 0; atomic.LoadInt32(flag) == 0; i++ {
		if i == patience {
			os.Exit(3)
		}
	}
}

func fill(n, room int) {
	texts = make(map[string]string, room)
	for i := 0; i < n; i++ {
		texts[strconv.Itoa(i)] = "v"
	}
}

// overlap assigns twice at a time while the collector marks. The map is full: the new key makes it grow.
func overlap() {
	fill(full, 0)
	go second()
	untilMarking()
	// The collector looks at the stacks first, and cannot do so while their goroutines spin.
	for i := 0; i < 10000; i++ {
		runtime.Gosched()
	}
	first("0")
}

// held assigns twice at a time to a large map that is full, then a third time while it grows. The first key of all
// lies in the first slot of its bucket.
func held() {
	debug.SetGCPercent(-1) // a collection would wait for second, which waits for the debugger
	readOffsets()
	const room = 20000
	fill(fillUntilItGrows(room)-1, room)
	hold()
	go second()
	first("0")
	assignText("1", "3")
	hold()
}
