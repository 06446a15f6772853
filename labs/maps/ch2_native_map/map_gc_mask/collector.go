// Asks the collector itself: what it keeps alive, and how much it scans.
package main

import (
	"reflect"
	"runtime"
	"runtime/metrics"
	"unsafe"
)

// tracked is an object that says when it is gone.
type tracked struct {
	word int
	more *tracked // with a pointer in it, it does not share an allocation with others
}

// follow puts the address of an object into each word of a piece of memory, where nothing else refers to it, and
// lists the words whose objects outlive three collections. The collector follows these words and no others.
func follow(label string, t reflect.Type, start unsafe.Pointer) block {
	b := block{Label: label, Name: t.String(), Words: int(t.Size() / 8)}
	gone := make([]bool, b.Words)
	fill(start, gone)
	for i := 0; i < 3; i++ {
		collect()
	}
	for word, isGone := range gone {
		if !isGone {
			b.Followed = append(b.Followed, word)
		}
	}
	return b
}

//go:noinline
func fill(start unsafe.Pointer, gone []bool) {
	for word := range gone {
		object := &tracked{word: word}
		runtime.SetFinalizer(object, func(object *tracked) { gone[object.word] = true })
		*(*uintptr)(unsafe.Add(start, word*8)) = uintptr(unsafe.Pointer(object)) // as a number: no write barrier
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

// scan is how much more the collector scans after many maps with one entry each have been made.
type scan struct {
	Label string
	Maps  int
	Bytes int64
}

const many = 4096

var kept [4][]interface{}

func scans() []scan {
	one := func(i int, label string, m func() interface{}) scan {
		kept[i] = make([]interface{}, many) // scanned whether full or empty
		before := scanned()
		for n := range kept[i] {
			kept[i][n] = m()
		}
		return scan{label, many, int64(scanned()) - int64(before)}
	}
	numbers := func() interface{} { return map[int64]int64{1: 1} }
	one(3, "", numbers) // the first time, other things are made too
	return []scan{
		one(0, "map[string]int", func() interface{} { return map[string]int{texts[0]: 1} }),
		one(1, "map[string]*int", func() interface{} { return map[string]*int{texts[0]: &target} }),
		one(2, "map[int64]int64", numbers),
	}
}

// scanned is what the collector has scanned of the heap: after a collection, the work it has done in it
// (runtime/mgcpacer.go: resetLive).
func scanned() uint64 {
	runtime.GC()
	sample := []metrics.Sample{{Name: "/gc/scan/heap:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
