package main

import (
	"fmt"
	"runtime"
	"unsafe"
)

// A struct with a pointer in it; a value of the map points to its first field. Its size is unusual, so that few other
// objects lie near it: a newer collector queues a run of pages once for all objects on it.
type mixed struct {
	n    int
	next *int
	rest [50]int
}

// The runtime packs small objects without pointers into blocks of this size: two ints of the map lie in each.
const blockSize = 16

var (
	marked map[string]*int
	block  uintptr // where the object begins that one value of the map points into
)

// mark runs one collection between two holds, with a map of twenty values of type *int, one of which is of that kind.
func mark(kind string) {
	fillMarked(kind)
	hold()
	runtime.GC()
	hold()
	println(len(marked))
}

//go:noinline
func fillMarked(kind string) {
	values := make([]*int, 20)
	for i := range values {
		values[i] = new(int)
		if i == 7 { // not the last: the collector marks the block of the last small objects by itself
			values[i] = newInt(kind)
		}
	}
	marked = map[string]*int{}
	for i, value := range values {
		marked[fmt.Sprint(i)] = value
	}
	block = uintptr(unsafe.Pointer(values[7]))
	if kind == "plain" {
		block &^= blockSize - 1
	}
}

//go:noinline
func newInt(kind string) *int {
	switch kind {
	case "array": // an int among others
		return &new([4]int)[0]
	case "mixed": // an int beside a pointer
		return &new(mixed).n
	}
	return new(int)
}
