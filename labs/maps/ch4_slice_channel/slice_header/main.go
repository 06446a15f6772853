// Prints, as one line of JSON, what the words of a slice's header are, which of them the collector follows, what comes
// back from a function that returns a slice, and what becomes of its array. With an argument a debugger looks on.
// To be seen: that the collector knows one word of three as a pointer, wherever the header lies, and that a returned
// array stays as long as a header leads to it, and no longer.
package main

import (
	"encoding/json"
	"os"
	"runtime/debug"
	"unsafe"
)

// Values of these types, for the binary's DWARF and for a debugger that reads their descriptors.
type (
	threeNumbers  struct{ first, second, third uintptr }
	threePointers struct{ first, second, third *tracked }
)

var (
	integers []int
	text     string
	numbers  threeNumbers
	pointers threePointers
	all      []interface{}
)

type report struct {
	Live     map[string][]string // what each word of a value in memory is
	Followed map[string][]int    // the words whose objects outlive collections
	Scanned  map[string]int64    // bytes that the collector scans for one value on the heap
	Returns  []returned
	Roots    []root
	Work     work
}

// look is where a debugger reads the arguments. Numbers keep nothing alive.
//
//go:noinline
func look(header, array uintptr, length, capacity int) {
	noted = [4]uintptr{header, array, uintptr(length), uintptr(capacity)}
}

var noted [4]uintptr

//go:noinline
func hold() {}

func at(p unsafe.Pointer) uintptr { return uintptr(p) }

func main() {
	debug.SetGCPercent(-1) // the collector runs where it is asked to, and nowhere else
	all = []interface{}{integers, text, numbers, pointers}
	if len(os.Args) > 1 {
		hold()
		takeSlice()
		lookAt(giveLarge())
		lookAt(lendRooted())
		return
	}
	r := report{Live: live(), Scanned: scans(), Work: largeArray()} // the heap is small yet
	r.Followed, r.Returns, r.Roots = followed(), returns(), roots()
	if json.NewEncoder(os.Stdout).Encode(r) != nil {
		os.Exit(1)
	}
}

// live tells what the words of a slice and of a string in memory are.
func live() map[string][]string {
	s := make([]int, 5, 9)
	t := string(make([]byte, 7))
	return map[string][]string{
		"[]int":  named(unsafe.Slice((*uintptr)(unsafe.Pointer(&s)), unsafe.Sizeof(s)/8), at(unsafe.Pointer(&s[0])), 5, 9),
		"string": named(unsafe.Slice((*uintptr)(unsafe.Pointer(&t)), unsafe.Sizeof(t)/8), at(unsafe.Pointer(unsafe.StringData(t))), 7, 9),
	}
}

func named(words []uintptr, array, length, capacity uintptr) (names []string) {
	known := map[uintptr]string{array: "ptr", length: "len", capacity: "cap"}
	for _, word := range words {
		name, ok := known[word]
		if !ok {
			name = "?"
		}
		names = append(names, name)
	}
	return names
}
