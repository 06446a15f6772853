// Each word on the command line is one small experiment with the collector; a debugger looks on. To be seen: how the
// collector learns of what is stored in a sync.Map.
package main

import (
	"os"
	"runtime"
	"sync"
)

// payload is what is stored: on the heap, with a pointer, so that the allocator does not pack it with others.
type payload struct {
	next *payload
	word [6]int
}

var (
	shared   sync.Map
	ordinary map[int]*payload
	large    *payload
)

func main() {
	runtime.MemProfileRate = 0 // a sampled allocation would be registered with the collector
	experiments := map[string]func(){
		"marking":    marking,
		"registered": registered,
		"survive":    survive,
	}
	experiments[os.Args[1]]()
}
