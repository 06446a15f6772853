// A goroutine that reads while another one is inside the runtime. A debugger holds the writer there, sets gate, and lets
// only the reader run.
package main

import (
	"os"
	"sync/atomic"
)

var (
	ready int32
	gate  int32
)

// read waits for the debugger to set gate, then looks up keys.
//
//go:noinline
func read() {
	atomic.StoreInt32(&ready, 1)
	for atomic.LoadInt32(&gate) == 0 {
	}
	for i := 0; i < 8; i++ {
		sink += shared[float64(i)]
	}
	readDone()
}

//go:noinline
func readDone() { atomic.StoreInt32(&gate, 0) }

// held writes once to a map of eight entries, which an absent key makes grow: a bucket or a group holds no more.
func held() {
	const full = 8
	fill(full)
	go read()
	for atomic.LoadInt32(&ready) == 0 {
	}
	hold()
	switch os.Args[2] {
	case "assign":
		shared[1] = 2
	case "delete":
		delete(shared, 1)
	case "grow":
		shared[full] = 2
	}
	for atomic.LoadInt32(&gate) != 0 {
	}
	hold()
}
