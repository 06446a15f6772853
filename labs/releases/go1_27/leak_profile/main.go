// Leaves goroutines behind that nothing can wake, and asks for profiles by name. To be seen: whether there is one of
// leaked goroutines, and how many it has.
package main

import (
	"encoding/json"
	"os"
	"runtime/pprof"
	"strings"
	"time"
)

const leaked = 5

// profile is one, by its name.
type profile struct {
	Name   string
	Exists bool
	// Goroutines that stand in the function leak, as its text says.
	Total string
}

func leak() { <-make(chan int) }

func main() {
	for i := 0; i < leaked; i++ {
		go leak()
	}
	time.Sleep(50 * time.Millisecond)
	var found []profile
	for _, name := range os.Args[1:] {
		one := profile{Name: name}
		if known := pprof.Lookup(name); known != nil {
			var text strings.Builder
			known.WriteTo(&text, 1)
			one.Exists, one.Total = true, strings.SplitN(text.String(), "\n", 2)[0]
		}
		found = append(found, one)
	}
	json.NewEncoder(os.Stdout).Encode(found)
}
