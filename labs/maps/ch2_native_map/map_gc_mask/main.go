// Prints, as one line of JSON, which words of a map's memory the collector follows, where keys and values lie in it,
// and how much the collector scans for many maps. To be seen: that the words are those of the type's pointer mask.
package main

import (
	"encoding/json"
	"os"
	"reflect"
	"unsafe"
)

// The maps under test. They are package variables, so that the binary's DWARF describes them.
var (
	stringInt  map[string]int
	stringPtr  map[string]*int
	int64Int64 map[int64]int64
	intInt     map[int]int
	ptrPtr     map[*int]*int
	int8Int8   map[int8]int8
	int8Int64  map[int8]int64

	all []interface{} // of these, in the order of lab.py, and then of the values below
)

// Pieces of memory of ours, made as a map's might be.
type (
	noPointers struct { // a bucket without any
		tophash  [8]uint8
		keys     [8]int64
		values   [8]int64
		overflow uintptr
	}
	valuesFirst struct { // one whose values are its only pointers, and come first
		values   [8]*int
		tophash  [8]uint8
		keys     [8]int64
		overflow uintptr
	}
	slot struct {
		key   string
		value int
	}
	interleaved struct { // key beside value, eight times
		ctrl  uint64
		slots [8]slot
	}
	words struct { // values on their own
		number  int
		pointer *int
		text    string
		short   int32
	}
)

var (
	plainBlock  = new(noPointers)
	valuesBlock = new(valuesFirst)
	slotsBlock  = new(interleaved)
	oneOfEach   words
	target      = 7
)

type block struct {
	Label, Name  string
	Words        int
	Followed     []int // words whose targets stay alive
	Keys, Values []int // offsets of the first, second, ... entry, where that was looked for
}

type report struct {
	Blocks []block
	Scans  []scan
}

//go:noinline
func hold() {}

func main() {
	stringInt, stringPtr = map[string]int{}, map[string]*int{}
	for i := 0; i < 8; i++ {
		stringInt[texts[i]] = number(i)
		stringPtr[texts[i]] = &target
		slotsBlock.slots[i] = slot{texts[i], number(i)}
	}
	int64Int64 = map[int64]int64{1: 1}
	all = []interface{}{stringInt, stringPtr, int64Int64, intInt, ptrPtr, int8Int8, int8Int64,
		oneOfEach.number, oneOfEach.pointer, oneOfEach.text, oneOfEach.short, *plainBlock, *valuesBlock, *slotsBlock}
	hold()
	// Scans come first, on a small heap. Following comes last: it fills the memory with other things.
	r := report{Scans: scans()}
	keys, values := places(at(memory(stringInt), blockOf(stringInt).Size()))
	r.Blocks = append(r.Blocks, follow("map[string]int", blockOf(stringInt), memory(stringInt)))
	r.Blocks[0].Keys, r.Blocks[0].Values = keys, values
	r.Blocks = append(r.Blocks, follow("map[string]*int", blockOf(stringPtr), memory(stringPtr)))
	r.Blocks = append(r.Blocks, follow("map[int64]int64", blockOf(int64Int64), memory(int64Int64)))
	r.Blocks = append(r.Blocks, follow("main.noPointers", reflect.TypeOf(*plainBlock), unsafe.Pointer(plainBlock)))
	r.Blocks = append(r.Blocks, follow("main.valuesFirst", reflect.TypeOf(*valuesBlock), unsafe.Pointer(valuesBlock)))
	keys, values = places(at(unsafe.Pointer(slotsBlock), unsafe.Sizeof(*slotsBlock)))
	r.Blocks = append(r.Blocks, follow("main.interleaved", reflect.TypeOf(*slotsBlock), unsafe.Pointer(slotsBlock)))
	r.Blocks[5].Keys, r.Blocks[5].Values = keys, values
	if json.NewEncoder(os.Stdout).Encode(r) != nil {
		os.Exit(1)
	}
}
