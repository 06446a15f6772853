package main

import (
	"runtime"
	"runtime/metrics"
	"unsafe"
)

// tracked is an object that can say when it is gone.
type tracked struct {
	number int
	more   *tracked // with a pointer in it, it does not share an allocation with others
}

// followed puts the only address of an object into each word of a header, and of what is compared with it, and tells
// which objects outlive three collections.
func followed() map[string][]int {
	onHeap, plain, full := new([]int), new(threeNumbers), new(threePointers)
	found := map[string][]int{
		"[]int on the heap":          follow((*[3]uintptr)(unsafe.Pointer(onHeap))),
		"[]int on the stack":         onStack(),
		"[]int in a variable":        follow((*[3]uintptr)(unsafe.Pointer(&integers))),
		"three numbers on the heap":  follow((*[3]uintptr)(unsafe.Pointer(plain))),
		"three pointers on the heap": follow((*[3]uintptr)(unsafe.Pointer(full))),
	}
	return found
}

//go:noinline
func onStack() []int {
	var s []int
	return follow((*[3]uintptr)(unsafe.Pointer(&s)))
}

//go:noinline
func follow(words *[3]uintptr) []int {
	gone := make([]bool, len(words))
	fill(words, gone)
	for i := 0; i < 3; i++ {
		collect()
	}
	found := []int{}
	for word, isGone := range gone {
		if !isGone {
			found = append(found, word)
		}
	}
	*words = [3]uintptr{} // up to here the collector knows of the words
	return found
}

//go:noinline
func fill(words *[3]uintptr, gone []bool) {
	for word := range gone {
		object := &tracked{number: word}
		runtime.SetFinalizer(object, func(object *tracked) { gone[object.number] = true })
		words[word] = uintptr(unsafe.Pointer(object)) // as a number: no write barrier
	}
}

// collect has run the collector until an object that was garbage before is gone. One goroutine runs all finalizers:
// those queued by an earlier collection have run when it returns.
func collect() {
	done := make(chan bool)
	garbage(done)
	for {
		runtime.GC()
		select {
		case <-done:
			return
		default:
			runtime.Gosched()
		}
	}
}

//go:noinline
func garbage(done chan bool) {
	runtime.SetFinalizer(&tracked{}, func(*tracked) { close(done) })
}

const many = 4096

var held []interface{} // of pointers to values

// scans tells how many bytes of a value on the heap the collector scans, by its own count.
func scans() map[string]int64 {
	makers := []struct {
		label string
		make  func() interface{}
	}{
		{"", func() interface{} { return new(threeNumbers) }}, // the first time, other things are made too
		{"[]int", func() interface{} { return new([]int) }},
		{"three numbers", func() interface{} { return new(threeNumbers) }},
		{"three pointers", func() interface{} { return new(threePointers) }},
	}
	held = make([]interface{}, many*len(makers)) // scanned whether full or empty
	found := map[string]int64{}
	for number, maker := range makers {
		before := scanned()
		for i := 0; i < many; i++ {
			held[number*many+i] = maker.make()
		}
		after := scanned()
		found[maker.label] = (after[0] - before[0] + many/2) / many
	}
	delete(found, "")
	held = nil
	return found
}

// scanned is what the collector has scanned in a collection: of the heap, of global variables, of stacks.
func scanned() (found [3]int64) {
	runtime.GC()
	samples := []metrics.Sample{
		{Name: "/gc/scan/heap:bytes"}, {Name: "/gc/scan/globals:bytes"}, {Name: "/gc/scan/stack:bytes"},
	}
	metrics.Read(samples)
	for i, sample := range samples {
		found[i] = int64(sample.Value.Uint64())
	}
	return found
}
