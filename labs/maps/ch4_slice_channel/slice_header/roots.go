package main

import (
	"runtime"
	"unsafe"
)

const elements = 1 << 16

// rooted is an array that belongs to the program's own variables.
var rooted [elements]*tracked

//go:noinline
func giveLarge() []*tracked {
	s := make([]*tracked, elements)
	return s
}

//go:noinline
func lendRooted() []*tracked { return rooted[:] }

func lookAt(s []*tracked) {
	look(0, at(unsafe.Pointer(unsafe.SliceData(s))), len(s), cap(s))
	runtime.KeepAlive(s)
}

// root is what becomes of an object to which nothing leads but an element of a returned array.
type root struct {
	Label string
	Held  bool // it outlives collections while the caller has the slice
	After bool // and afterwards
}

func roots() []root {
	return []root{outlives("an array made for it", giveLarge), outlives("a package variable", lendRooted)}
}

//go:noinline
func outlives(label string, give func() []*tracked) root {
	gone := new(bool)
	r := root{Label: label}
	s := give()
	plant(s, gone)
	for i := 0; i < 3; i++ {
		collect()
	}
	r.Held = !*gone
	runtime.KeepAlive(s)
	s = nil
	for i := 0; i < 3; i++ {
		collect()
	}
	r.After = !*gone
	return r
}

//go:noinline
func plant(s []*tracked, gone *bool) {
	object := &tracked{}
	runtime.SetFinalizer(object, func(*tracked) { *gone = true })
	s[elements/2] = object
}

// work is how many bytes more the collector scans when a large array has been returned.
type work struct {
	Array                int64 // bytes
	Heap, Globals, Stack int64
}

func largeArray() work {
	before := scanned()
	s := giveLarge()
	after := scanned()
	w := work{int64(len(s)) * 8, after[0] - before[0], after[1] - before[1], after[2] - before[2]}
	runtime.KeepAlive(s)
	return w
}
