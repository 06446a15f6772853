// The first word on the command line names an experiment on a map that no lock guards; a counter or a debugger looks on.
// To be seen: which of them end the process, with what words, and what the runtime looked at before.
package main

import (
	"os"
	"strconv"
)

// shared is the map under test, a package variable so that a debugger can name it. For float64 keys there are no
// specialised functions: runtime.mapaccess1, mapassign and mapdelete do the work, and call runtime.f64hash and
// runtime.f64equal, where a debugger can hold them.
var shared = make(map[float64]int)

// sink keeps lookups from being optimised away.
var sink int

// hold is where a debugger stops the program; it does nothing.
//
//go:noinline
func hold() {}

func main() {
	experiments := map[string]func(){
		"read-read":     func() { fill(keys); hold(); beside(8, readMany); hold() },
		"read-crowd":    func() { fill(keys); beside(1000, readFew) },
		"range-range":   func() { fill(keys); beside(8, iterate) },
		"migrating":     func() { fill(halfMigrated()); hold(); beside(8, readMany); hold() },
		"assign-alone":  func() { assignMany() },
		"turns":         takeTurns,
		"assign-assign": func() { fill(keys); two(assignMany, assignMany) },
		"read-assign":   func() { fill(keys); two(readMany, assignMany) },
		"read-delete":   func() { fill(keys); two(readMany, deleteMany) },
		"assign-nil":    func() { shared = nil; shared[1] = 1 },
		"recover":       func() { fill(keys); two(recovering(assignMany), recovering(assignMany)) },
		"recover-nil":   func() { shared = nil; two(recovering(assignMany), recovering(assignMany)) },
		"one":           func() { operate(false, nil) },
		"one-locked":    func() { operate(true, nil) },
		"one-recover":   func() { operate(false, recovered) },
		"nil":           func() { shared = nil; operate(false, nil) },
		"nil-locked":    func() { shared = nil; operate(true, nil) },
		"nil-recover":   func() { shared = nil; operate(false, recovered) },
		"held":          held,
		"headers":       headers,
	}
	experiments[os.Args[1]]()
}

// number is a number from the command line.
func number(position int) int {
	found, err := strconv.Atoi(os.Args[position])
	if err != nil {
		panic(err)
	}
	return found
}

func fill(entries int) {
	for i := 0; i < entries; i++ {
		shared[float64(i)] = i
	}
}
