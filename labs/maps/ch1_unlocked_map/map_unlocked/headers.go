// What changes in a map's header: its bytes are compared before and after, and a debugger watches them meanwhile.
package main

import (
	"fmt"
	"strconv"
	"strings"
	"unsafe"
)

// header is the address of the header under test.
var header uintptr

// changes are the offsets of the header's bytes that differ afterwards, for each map and what was done, as JSON.
var changes []string

// headers is told how many bytes a header has: a debugger knows.
func headers() {
	const small, large = 4, 1000
	study("int32 keys, 4 entries", small, func(i int) int32 { return int32(i) })
	study("string keys, 4 entries", small, strconv.Itoa)
	study("int keys, 1000 entries", large, func(i int) int { return i })
	study("float64 keys, half migrated", halfMigrated(), func(i int) float64 { return float64(i) })
	fmt.Printf("[%s]\n", strings.Join(changes, ", "))
}

// study stops before each of two rounds of lookups, and before and after an assignment of an absent key.
func study[K comparable](name string, entries int, key func(int) K) {
	m := make(map[K]int)
	present, absent := make([]K, entries), make([]K, entries)
	for i := range present {
		present[i], absent[i] = key(i), key(entries+i)
		m[present[i]] = i
	}
	word := *(*unsafe.Pointer)(unsafe.Pointer(&m))
	header = uintptr(word)
	now := func() string { return string(unsafe.Slice((*byte)(word), number(2))) }
	before := now()
	hold()
	look(m, present, absent)
	hold()
	look(m, present, absent)
	hold()
	byLookup := differing(before, now())

	before = now()
	for range m {
		sink++
	}
	byRange := differing(before, now())

	before = now()
	hold()
	m[absent[0]] = 1
	hold()
	byAssign := differing(before, now())
	row := `{"map": %q, "lookup": [%s], "range": [%s], "assign": [%s]}`
	changes = append(changes, fmt.Sprintf(row, name, byLookup, byRange, byAssign))
}

// look does at least 4000 lookups: present and absent keys, with one result and with two.
//
//go:noinline
func look[K comparable](m map[K]int, present, absent []K) {
	for done := 0; done < 4000; done += 4 * len(present) {
		for i := range present {
			first, isPresent := m[present[i]]
			second, isAbsent := m[absent[i]]
			sink += m[present[i]] + m[absent[i]] + first + second
			if !isPresent || isAbsent {
				panic("the map is not as it should be")
			}
		}
	}
}

func differing(before, after string) string {
	offsets := []string{}
	for i := 0; i < len(before); i++ {
		if before[i] != after[i] {
			offsets = append(offsets, strconv.Itoa(i))
		}
	}
	return strings.Join(offsets, ", ")
}
