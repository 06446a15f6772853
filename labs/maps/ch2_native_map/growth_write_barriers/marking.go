// A marking phase that lasts.
package main

import (
	"runtime"
	"runtime/debug"
	"sync/atomic"
)

var (
	ballast []*[64]byte
	// marking is set by a debugger that finds the collector marking.
	marking int32
)

// untilMarking comes back while the collector marks. It marks for long: the heap is full of pointers, which stand in
// one slice, so that they are made quickly.
func untilMarking() {
	debug.SetGCPercent(-1) // no collection but ours
	objects := make([]*[64]byte, 1<<16)
	for i := range objects {
		objects[i] = new([64]byte)
	}
	ballast = make([]*[64]byte, 8<<20)
	for i := range ballast {
		ballast[i] = objects[i*7919%len(objects)]
	}
	go collect()
	for {
		tick()
		if atomic.LoadInt32(&marking) != 0 {
			return
		}
		runtime.Gosched()
	}
}

func collect() {
	for atomic.LoadInt32(&marking) == 0 {
		runtime.GC()
	}
}

// tick is where a debugger looks whether the collector is marking.
//
//go:noinline
func tick() {}
