// Reads maps as plain memory, beside the language. The two offsets used are those of the runtime's own structs, the
// same in all releases that have them (internal/abi: MapType; runtime: hmap; internal/runtime/maps: Map).
package main

import (
	"bytes"
	"reflect"
	"strconv"
	"unsafe"
)

const (
	blockInType = 64 // MapType.Bucket, MapType.Group
	memoryInMap = 16 // hmap.buckets; Map.dirPtr, which leads to the only group of a map of at most 8 entries
)

type face struct{ typ, data unsafe.Pointer }

// blockOf is the compiler's type of the pieces that the map's memory is made of.
func blockOf(m interface{}) reflect.Type {
	var of interface{}
	(*face)(unsafe.Pointer(&of)).typ = *(*unsafe.Pointer)(unsafe.Add((*face)(unsafe.Pointer(&m)).typ, blockInType))
	return reflect.TypeOf(of)
}

// memory is the first such piece of a map.
func memory(m interface{}) unsafe.Pointer {
	return *(*unsafe.Pointer)(unsafe.Add((*face)(unsafe.Pointer(&m)).data, memoryInMap))
}

func at(start unsafe.Pointer, size uintptr) []byte { return unsafe.Slice((*byte)(start), int(size)) }

// texts holds each key once, so that its header's pointer is the same in the map and here.
var texts = func() (made [8]string) {
	for i := range made {
		made[i] = "key " + strconv.Itoa(i)
	}
	return made
}()

func number(i int) int { return 0x5555666677770000 + i }

// places finds the eight keys and values in a piece of memory; -1 where one is not there.
func places(content []byte) (keys, values []int) {
	for i := range texts {
		value := number(i)
		keys = append(keys, bytes.Index(content, at(unsafe.Pointer(&texts[i]), unsafe.Sizeof(texts[i]))))
		values = append(values, bytes.Index(content, at(unsafe.Pointer(&value), unsafe.Sizeof(value))))
	}
	return keys, values
}
