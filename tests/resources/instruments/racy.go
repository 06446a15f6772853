// Programs with one known race, or none. To be seen: what the race detector reports of which line.
package main

import (
	"os"
	"sync"
)

var word int

//go:noinline
func write() {
	word = 1 // the only line that writes
}

//go:noinline
func read() int {
	return word // the only line that reads
}

func main() {
	var done sync.WaitGroup
	var guard sync.Mutex
	done.Add(1)
	switch os.Args[1] {
	case "write-write":
		go func() { defer done.Done(); write() }()
		write()
	case "read-write":
		go func() { defer done.Done(); read() }()
		write()
	case "map":
		m := map[string]string{}
		go func() {
			defer done.Done()
			m["one"] = "" // one assigns
		}()
		m["two"] = "" // the other assigns
	case "locked":
		go func() { defer done.Done(); guard.Lock(); write(); guard.Unlock() }()
		guard.Lock()
		write()
		guard.Unlock()
	case "ends":
		done.Done()
		os.Exit(7)
	}
	done.Wait()
}
