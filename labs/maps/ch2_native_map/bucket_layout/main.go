// Prints, as one line of JSON, what this toolchain's maps are made of: the compiler's own type of a block of a map's
// memory, and where the keys and values of live maps lie in such a block. To be seen: sizes and offsets.
package main

import (
	"encoding/json"
	"os"
	"reflect"
)

// The maps under test. They are package variables, so that the binary's DWARF describes them.
var (
	int64Int64   map[int64]int64
	int32Int32   map[int32]int32
	int8Int8     map[int8]int8
	boolBool     map[bool]bool
	stringInt    map[string]int
	stringPtr    map[string]*int
	stringString map[string]string
	int64String  map[int64]string
	int64Int8    map[int64]int8
	int16Nothing map[int16]struct{}
	int64Bytes   map[int64][100]byte
	largeInt     map[[200]byte]int
	watched      map[int64]int64

	all []interface{} // of these, in the order of lab.py
)

type field struct {
	Name         string
	Offset, Size uintptr
	Count        int // of an array
}

// block is one piece of a map's memory, or a struct of ours.
type block struct {
	Label, Name string
	Size        uintptr
	Fields      []field
	Found       *found // where its content was found, if it was looked for
}

type report struct {
	Blocks []block
	Hashes []hashed
	Full   filled
}

func main() {
	all = []interface{}{int64Int64, stringInt, int32Int32, int8Int8, boolBool, stringPtr, stringString, int64String,
		int64Int8, int16Nothing, int64Bytes, largeInt}
	if len(os.Args) > 1 {
		assignUnderDebugger()
		return
	}
	r := report{Full: fill(), Hashes: hashes(), Blocks: ours()}
	r.Blocks = append(r.Blocks, live(&int64Int64, longKey, longValue), live(&stringInt, textKey, plainValue))
	for _, m := range all[2:] {
		r.Blocks = append(r.Blocks, describe(reflect.TypeOf(m).String(), blockOf(m), nil))
	}
	if json.NewEncoder(os.Stdout).Encode(r) != nil {
		os.Exit(1)
	}
}

func describe(label string, t reflect.Type, found *found) block {
	b := block{Label: label, Name: t.String(), Size: t.Size(), Found: found}
	for i := 0; i < t.NumField(); i++ {
		f := t.Field(i)
		count := 0
		if f.Type.Kind() == reflect.Array {
			count = f.Type.Len()
		}
		b.Fields = append(b.Fields, field{f.Name, f.Offset, f.Type.Size(), count})
	}
	return b
}

//go:noinline
func hold() {}

// assignUnderDebugger assigns once between two stops. The debugger sees the hash function return, and what of it is
// kept in the map.
func assignUnderDebugger() {
	watched = map[int64]int64{}
	for i := 0; i < 3; i++ {
		watched[longKey(i)] = longValue(i)
	}
	hold()
	watched[longKey(3)] = longValue(3)
	hold()
}
