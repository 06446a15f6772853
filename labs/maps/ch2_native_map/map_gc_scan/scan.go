package main

import "runtime"

const entries = 200_000

var (
	scanned any
	shared  int
)

// scan fills one map after the other with the same keys, lets the collector run, and reports what that looked at.
func scan() {
	report("nothing", func() any { return nil })
	report("intToInt", func() any {
		m := map[int]int{}
		for i := 0; i < entries; i++ {
			m[i] = i
		}
		return m
	})
	report("intToUint", func() any {
		m := map[int]uint{}
		for i := 0; i < entries; i++ {
			m[i] = uint(i)
		}
		return m
	})
	report("intToPointer", func() any {
		m := map[int]*int{}
		for i := 0; i < entries; i++ {
			m[i] = &shared // not on the heap: what is looked at is the map alone
		}
		return m
	})
}

func report(label string, fill func() any) {
	scanned = fill()
	runtime.GC()
	reportHeap(label)
	scanned = nil
	runtime.GC()
}
