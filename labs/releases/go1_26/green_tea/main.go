// Makes a heap of small objects and collects. To be seen: where the heap and a variable of the program lie; and, by a
// debugger, whether the collector scans spans of small objects as a whole. It imports almost nothing, so that the
// runtime can be compiled with other experiments.
package main

import "runtime"

type object struct {
	next *object
	n    [3]int
}

const objects = 2000

var first *object

func main() {
	for i := 0; i < objects; i++ {
		first = &object{next: first}
	}
	println(first, &first)
	begin()
	runtime.GC()
	end()
}

//go:noinline
func begin() { first.n[0]++ }

//go:noinline
func end() { first.n[1]++ }
