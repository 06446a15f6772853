// Experiments on the order of memory accesses; the first argument names one. To be seen: how often two processors both
// read the old value of what the other one has just written ("litmus"); whether the race detector reports a goroutine
// that reads what has been written to a sync.Map's dirty map ("through", "around", "plain"); and, for a debugger, which
// instructions touch the pointers ("watched").
package main

import (
	"os"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"unsafe"
)

func main() {
	debug.SetGCPercent(-1) // a collector that marks would take other ways through StorePointer
	experiments := map[string]func(){
		"litmus":  litmus,
		"through": func() { publish(true) },
		"around":  func() { publish(false) },
		"plain":   publishPlainly,
		"watched": watched,
	}
	experiments[os.Args[1]]()
}

// plainly writes one word and reads another one, without order.
//
//go:noinline
func plainly(mine, other *unsafe.Pointer, value unsafe.Pointer) unsafe.Pointer {
	*mine = value
	return *other
}

// atomically does the same through sync/atomic.
//
//go:noinline
func atomically(mine, other *unsafe.Pointer, value unsafe.Pointer) unsafe.Pointer {
	atomic.StorePointer(mine, value)
	return atomic.LoadPointer(other)
}

//go:noinline
func hold() {}

var (
	word, plain unsafe.Pointer
	value       int
	shared      sync.Map
)

// watched touches the pointers between holds: two words of its own, then the field read of a sync.Map, to which a Load
// that misses gives the dirty map.
func watched() {
	shared.Store("a", 1)
	hold()
	plainly(&plain, &plain, unsafe.Pointer(&value))
	hold()
	atomically(&word, &word, unsafe.Pointer(&value))
	hold()
	shared.Load("a")
	shared.Load("a")
	hold()
}
