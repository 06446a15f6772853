// Reads maps as plain memory, beside the language. The few offsets used are those of the runtime's own structs, the
// same in all releases that have them (internal/abi: MapType; runtime: hmap; internal/runtime/maps: Map).
package main

import (
	"bytes"
	"reflect"
	"runtime/debug"
	"strconv"
	"strings"
	"unsafe"
)

const (
	blockInType  = 64 // MapType.Bucket, MapType.Group
	hasherInType = 72 // MapType.Hasher
	logBuckets   = 9  // hmap.B
	hash0InMap   = 12 // hmap.hash0, 4 bytes
	seedInMap    = 8  // Map.seed, 8 bytes
	memoryInMap  = 16 // hmap.buckets; Map.dirPtr, which leads to the only group of a map of at most 8 entries
)

// crowded keeps a map on the heap.
var crowded interface{}

type face struct{ typ, data unsafe.Pointer }

func blockOf(m interface{}) reflect.Type {
	var of interface{}
	(*face)(unsafe.Pointer(&of)).typ = *(*unsafe.Pointer)(unsafe.Add((*face)(unsafe.Pointer(&m)).typ, blockInType))
	return reflect.TypeOf(of)
}

func hasBuckets(m interface{}) bool { return strings.HasPrefix(blockOf(m).String(), "map.bucket") }

// hashOf is the hash of a key as the map's own hash function gives it.
func hashOf[K comparable, V any](m map[K]V, key K) uint64 {
	var boxed interface{} = m
	f := (*face)(unsafe.Pointer(&boxed))
	seed := *(*uintptr)(unsafe.Add(f.data, seedInMap))
	if hasBuckets(m) {
		seed = uintptr(*(*uint32)(unsafe.Add(f.data, hash0InMap)))
	}
	hasher := *(*func(unsafe.Pointer, uintptr) uintptr)(unsafe.Add(f.typ, hasherInType))
	return uint64(hasher(unsafe.Pointer(&key), seed))
}

func header[K comparable, V any](m map[K]V) unsafe.Pointer {
	return *(*unsafe.Pointer)(unsafe.Pointer(&m))
}

func memory[K comparable, V any](m map[K]V) unsafe.Pointer {
	return *(*unsafe.Pointer)(unsafe.Add(header(m), memoryInMap))
}

func buckets[K comparable, V any](m map[K]V) uint64 {
	return 1 << *(*byte)(unsafe.Add(header(m), logBuckets))
}

func at(start unsafe.Pointer, size uintptr) []byte { return unsafe.Slice((*byte)(start), int(size)) }

func bytesOf[T any](value *T) []byte { return at(unsafe.Pointer(value), unsafe.Sizeof(*value)) }

// topOf is what a bucket keeps of a hash (runtime/map.go: tophash, minTopHash).
func topOf(hash uint64) byte {
	top := byte(hash >> 56)
	if top < 5 {
		top += 5
	}
	return top
}

// found says at which offsets of a block things lie that the program has put there; -1 where it found none.
type found struct {
	Keys, Values []int // of the first, second, ... entry
	Tophash      int   // a byte for each of 8 entries in their order
	Overflow     int   // a word that leads to the block with the ninth entry of a full one
}

// live fills one block with 8 entries and looks for them in it.
func live[K comparable, V any](m *map[K]V, key func(int) K, value func(int) V) block {
	*m = map[K]V{}
	t := blockOf(*m)
	var tops []byte
	for i := 0; i < 8; i++ {
		(*m)[key(i)] = value(i)
		tops = append(tops, topOf(hashOf(*m, key(i))))
	}
	content := at(memory(*m), t.Size())
	f := &found{Tophash: bytes.Index(content, tops), Overflow: -1}
	for i := 0; i < 8; i++ {
		k, v := key(i), value(i)
		f.Keys = append(f.Keys, bytes.Index(content, bytesOf(&k)))
		f.Values = append(f.Values, bytes.Index(content, bytesOf(&v)))
	}
	if hasBuckets(*m) {
		f.Overflow = overflow(key, value)
	}
	return describe(reflect.TypeOf(*m).String(), t, f)
}

// overflow puts nine entries into the first of several buckets and looks for the word that leads to the ninth.
func overflow[K comparable, V any](key func(int) K, value func(int) V) int {
	m := make(map[K]V, 100)
	crowded = m
	var last K
	for i := 0; len(m) < 9; i++ {
		if key := key(i); hashOf(m, key)%buckets(m) == 0 {
			last = key
			m[key] = value(i)
		}
	}
	size := blockOf(m).Size()
	for offset := uintptr(0); offset < size; offset += 8 {
		word := *(*unsafe.Pointer)(unsafe.Add(memory(m), offset))
		if bytes.Contains(readable(word, size), bytesOf(&last)) {
			return int(offset)
		}
	}
	return -1
}

// readable is the memory at an address, or nothing where the process has none.
func readable(start unsafe.Pointer, size uintptr) (content []byte) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if recover() != nil {
			content = nil
		}
	}()
	return append(content, at(start, size)...)
}

func longKey(i int) int64   { return 0x1111222233330000 + int64(i) }
func longValue(i int) int64 { return 0x4444555566660000 + int64(i) }
func plainValue(i int) int  { return 0x5555666677770000 + i }
func textKey(i int) string  { return texts[i] }

// texts holds each key once, so that its header's pointer is the same in the map and here.
var texts = func() (made [4096]string) {
	for i := range made {
		made[i] = "key " + strconv.Itoa(i)
	}
	return made
}()

// hashed is an entry of a map. One in an overflow bucket is left out.
type hashed struct {
	Hash   uint64
	Stored byte // the map's byte for it
	Low    byte // the lowest 7 bits of the hash
	Nibble byte // the highest 4 bits of the hash, written by this program
}

// hashes lists entries of a map with the byte that it keeps for each: of all its buckets, or of its only group.
func hashes() []hashed {
	m := map[int64]int64{}
	count, stride, blocks := 8, uintptr(16), uint64(1)
	if hasBuckets(m) {
		m = make(map[int64]int64, 100)
		count, stride, blocks = 100, 8, buckets(m)
	}
	crowded = m
	for i := 0; i < count; i++ {
		m[longKey(i)] = longValue(i)
	}
	var list []hashed
	for i := 0; i < count; i++ {
		key := longKey(i)
		hash := hashOf(m, key)
		block := unsafe.Add(memory(m), uintptr(hash%blocks)*blockOf(m).Size())
		for slot := uintptr(0); slot < 8; slot++ {
			if *(*int64)(unsafe.Add(block, 8+slot*stride)) == key {
				stored := *(*byte)(unsafe.Add(block, slot))
				list = append(list, hashed{hash, stored, byte(hash & 0x7f), byte(hash >> 60)})
			}
		}
	}
	return list
}

// filled is the number of blocks of a map's memory, with 8 entries and with 9.
type filled struct{ Eight, Nine uint64 }

func fill() (result filled) {
	m := map[int64]int64{}
	crowded = m
	for i := 0; i < 9 && hasBuckets(m); i++ {
		result.Eight = result.Nine
		m[longKey(i)] = longValue(i)
		result.Nine = buckets(m)
	}
	return result
}
