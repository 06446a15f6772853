// Each word on the command line is one experiment with the collector and a map.
// To be seen: how many bytes a collection looks at, which objects are kept because a map refers to them, and whether
// what a value points to is put on the mark stack.
package main

import "os"

// The maps whose types a debugger looks at; package variables, so that nothing lives on a stack.
var (
	stringToInt     any = map[string]int{}
	stringToPointer any = map[string]*int{}
	intToInt        any = map[int]int{}
	intToUint       any = map[int]uint{}
	intToPointer    any = map[int]*int{}
)

// hold is where a debugger looks on.
//
//go:noinline
func hold() {}

func main() {
	switch os.Args[1] {
	case "types":
		hold()
	case "scan":
		scan()
	case "keep":
		keep()
	default:
		mark(os.Args[1])
	}
}
