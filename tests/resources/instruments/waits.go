// What a thread that runs alone may come to wait for: it needs another one, which a debugger holds.
package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"sync/atomic"
)

var started, ended int32

//go:noinline
func ready() { atomic.StoreInt32(&started, 1) }

//go:noinline
func done() { runtime.KeepAlive(ended) }

// second has a thread to itself: main keeps its own busy.
//
//go:noinline
func second() {
	ready()
	switch os.Args[1] {
	case "GC":
		runtime.GC()
	case "Gosched":
		runtime.Gosched()
	}
	done()
}

func main() {
	debug.SetGCPercent(-1)
	go second()
	for atomic.LoadInt32(&ended) == 0 {
	}
}
