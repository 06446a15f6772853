// Allocates objects of many sizes, all words pointers or none. To be seen: what each takes of the heap, and on which
// boundaries they begin.
package main

import (
	"encoding/json"
	"math/bits"
	"os"
	"reflect"
	"runtime"
	"runtime/debug"
	"unsafe"
)

const (
	objects    = 64
	wordBytes  = 8
	fineBytes  = 1024 // up to here every size of whole words, then each 64 bytes
	largeBytes = 4096
)

type object struct {
	Bytes int // of the size class
	Align int // the largest power of two up to 64 that divides all addresses
}

// keep holds the objects of one size, so that each has another address.
var keep [objects]unsafe.Pointer

func allocated() uint64 {
	var now runtime.MemStats
	runtime.ReadMemStats(&now)
	return now.TotalAlloc
}

func measure(element reflect.Type, size int) object {
	array := reflect.ArrayOf(size/wordBytes, element)
	reflect.New(array) // makes the type of its pointer
	var addresses uintptr
	before := allocated()
	for i := range keep {
		keep[i] = reflect.New(array).UnsafePointer()
	}
	taken := allocated() - before
	for _, one := range keep {
		addresses |= uintptr(one)
	}
	return object{int(taken) / objects, 1 << bits.TrailingZeros(uint(addresses|64))}
}

func sizes() []int {
	var found []int
	for size := 2 * wordBytes; size <= fineBytes; size += wordBytes { // below, several share a block
		found = append(found, size)
	}
	for size := fineBytes + 64; size <= largeBytes; size += 64 {
		found = append(found, size)
	}
	return found
}

func main() {
	debug.SetGCPercent(-1)
	seen := map[string]map[int]object{"pointers": {}, "plain": {}}
	kinds := map[string]reflect.Type{"pointers": reflect.TypeOf((*int)(nil)), "plain": reflect.TypeOf(uintptr(0))}
	for kind, element := range kinds {
		for _, size := range sizes() {
			seen[kind][size] = measure(element, size)
		}
	}
	json.NewEncoder(os.Stdout).Encode(seen)
}
