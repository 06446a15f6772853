// One goroutine does one operation. A debugger stops it before and, in some runs, changes a byte of the map there.
package main

import (
	"maps"
	"os"
	"sync"
)

var guard sync.Mutex

var copied map[float64]int

// operate does the operation that the third word on the command line names, on a map of as many entries as the second
// word says; under a mutex if it is locked.
func operate(locked bool, last func()) {
	if last != nil {
		defer last()
	}
	if shared != nil {
		fill(number(2))
	}
	operation := operations[os.Args[3]]
	if locked {
		guard.Lock()
		defer guard.Unlock()
	}
	hold()
	operation()
	hold()
}

var operations = map[string]func(){
	"lookup":        lookup,
	"lookup-absent": func() { sink = shared[-1] },
	"comma-ok":      func() { sink, _ = shared[1] },
	"assign":        assign,
	"assign-absent": assignAbsent,
	"delete":        func() { delete(shared, 1) },
	"delete-absent": func() { delete(shared, -1) },
	"len":           func() { sink = len(shared) },
	"range":         iterateOnce,
	"range-next":    iterateHeld,
	"clear":         func() { clear(shared) },
	"clone":         func() { copied = maps.Clone(shared) },
}

//go:noinline
func lookup() { sink = shared[1] }

//go:noinline
func assign() { shared[1] = 2 }

//go:noinline
func assignAbsent() { shared[-1] = 2 }

func iterateOnce() {
	for key := range shared {
		sink += int(key)
	}
}

// iterateHeld can be stopped in each turn of the loop.
func iterateHeld() {
	for key := range shared {
		sink += int(key)
		hold()
	}
}
