package main

import (
	"strconv"
	"unsafe"
)

// A value says which one it is, twice: memory that has been freed does not (GODEBUG=clobberfree=1 overwrites it).
type value struct {
	number, complement int
	spare              [2]int
}

// Entries are put in by number and found by number.
type entries interface {
	put(v *value)
	get(n int) *value
	// shape changes when room is made for more.
	shape() [2]uintptr
	// isGrowing says that entries still stand in old buckets.
	isGrowing() bool
	// forget leaves no address in memory that may point to what has been freed.
	forget()
}

func empty(kind string) entries {
	switch kind {
	case "pointers":
		return pointers{}
	case "hidden":
		return hidden{}
	}
	return &bare{slots: make([]*value, 8)}
}

// pointers is a map as everyone writes it.
type pointers map[string]*value

func (m pointers) put(v *value)      { m[strconv.Itoa(v.number)] = v }
func (m pointers) get(n int) *value  { return m[strconv.Itoa(n)] }
func (m pointers) shape() [2]uintptr { return shape(*(*unsafe.Pointer)(unsafe.Pointer(&m))) }
func (m pointers) isGrowing() bool   { return isGrowing(*(*unsafe.Pointer)(unsafe.Pointer(&m))) }
func (m pointers) forget()           {}

// hidden is a map whose values the collector takes for numbers.
type hidden map[string]uintptr

func (m hidden) put(v *value) { m[strconv.Itoa(v.number)] = uintptr(unsafe.Pointer(v)) }
func (m hidden) get(n int) *value {
	address := m[strconv.Itoa(n)]
	return *(**value)(unsafe.Pointer(&address))
}
func (m hidden) shape() [2]uintptr { return shape(*(*unsafe.Pointer)(unsafe.Pointer(&m))) }
func (m hidden) isGrowing() bool   { return isGrowing(*(*unsafe.Pointer)(unsafe.Pointer(&m))) }
func (m hidden) forget()           {}

// bare is a table of pointers that grows as the article says maps do: by copying them without write barriers. Where a
// word is assigned as a number the compiler inserts none.
type bare struct {
	slots       []*value
	first, used int
}

func (t *bare) put(v *value) {
	if t.used == 0 {
		t.first = v.number
	}
	if t.used == len(t.slots) {
		larger := make([]*value, 2*len(t.slots))
		for i := range t.slots {
			*(*uintptr)(unsafe.Pointer(&larger[i])) = *(*uintptr)(unsafe.Pointer(&t.slots[i]))
		}
		*(*[3]uintptr)(unsafe.Pointer(&t.slots)) = *(*[3]uintptr)(unsafe.Pointer(&larger))
	}
	t.slots[t.used] = v
	t.used++
}

func (t *bare) get(n int) *value  { return t.slots[n-t.first] }
func (t *bare) shape() [2]uintptr { return [2]uintptr{uintptr(len(t.slots))} }
func (t *bare) isGrowing() bool   { return false }
func (t *bare) forget() {
	for i := range t.slots {
		t.slots[i] = nil
	}
}

// How to tell from a map's header that the map has grown: the offset of the pointer to its buckets or its tables, and
// of the pointer to its old buckets or the number of its tables.
var (
	hasTables              bool
	pointerAt, secondaryAt uintptr
)

func word(start unsafe.Pointer, offset uintptr) uintptr {
	return *(*uintptr)(unsafe.Add(start, offset))
}

func shape(header unsafe.Pointer) (shape [2]uintptr) {
	shape[0] = word(header, pointerAt)
	if hasTables && word(header, secondaryAt) > 0 {
		shape[1] = word(*(*unsafe.Pointer)(unsafe.Add(header, pointerAt)), 0) // the first table
	}
	return shape
}

func isGrowing(header unsafe.Pointer) bool { return !hasTables && word(header, secondaryAt) != 0 }
