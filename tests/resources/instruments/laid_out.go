// Types whose layout is known beforehand, or worked out here by reflection. A debugger reads the same from the
// binary and from the process; both have to agree.
package main

import (
	"encoding/json"
	"os"
	"reflect"
	"runtime"
	"sync"
)

type mixed struct {
	small  int8
	p      *int
	number int
	q      *int
	words  [3]uint16
	text   string
	list   []byte
	any    interface{}
	err    error
	m      map[string]int
	c      chan int
	f      func()
	z      complex128
	none   struct{}
	pairs  [2]struct {
		n int32
		p *mixed
	}
	raw uintptr
}

// large has more words than a descriptor's own bits are kept for.
type large struct {
	many [20000]*int
	gap  [7]int
	tail [300]string
}

type plain struct {
	a int8
	b int64
	c [5]byte
}

var (
	ints     map[string]int
	pointers map[string]*int
	numbers  map[int64]int64
	tiny     map[int8]int8
	shared   sync.Map
	values   []interface{}
	maps     []interface{}
	nothing  interface{}
	onHeap   = new(large)
)

type layout struct {
	Name  string
	Size  uintptr
	Align int
	Words []int // hold a pointer that the collector follows
	Heads []int // hold the pointer to its type that an interface begins with, which never leads into the heap
}

//go:noinline
func hold() {}

func main() {
	ints, pointers, numbers, tiny = map[string]int{"a": 1}, map[string]*int{"a": nil}, map[int64]int64{1: 1}, map[int8]int8{1: 1}
	shared.Store(1, 1)
	values = []interface{}{
		[]byte(nil), struct {
			p *int
			n int
			q *int
		}{}, mixed{}, large{}, plain{}, &shared, 7, "text", 1.5, [0]*int{}, struct{}{}, [4]interface{}{}, [70000]int{}, [20000]*int{},
		func() {}, make(chan int), unsafePointers{}, [3]plain{},
	}
	maps = []interface{}{ints, pointers, numbers, tiny, nothing}
	runtime.GC() // needs the mask of what is on the heap: of large, not of the array that only an interface holds
	hold()
	found := []layout{}
	for _, value := range values {
		t := reflect.TypeOf(value)
		found = append(found, layout{t.String(), t.Size(), t.Align(), words(t, 0, 1), words(t, 0, 0)})
	}
	_ = json.NewEncoder(os.Stdout).Encode(found)
}

type unsafePointers struct {
	a [2]reflect.Value
	b uint16
}

// words lists the words of a type that hold a pointer, by its kinds (reflect's own reading of the language); of an
// interface the first or the second one. With 0 it lists the first words of interfaces only.
func words(t reflect.Type, offset uintptr, ofInterface int) []int {
	found := []int{}
	switch t.Kind() {
	case reflect.Ptr, reflect.UnsafePointer, reflect.Map, reflect.Chan, reflect.Func, reflect.String, reflect.Slice:
		if ofInterface == 1 {
			found = append(found, int(offset/8))
		}
	case reflect.Interface:
		found = append(found, int(offset/8)+ofInterface)
	case reflect.Array:
		for i := 0; i < t.Len() && t.Elem().Size() > 0; i++ {
			found = append(found, words(t.Elem(), offset+uintptr(i)*t.Elem().Size(), ofInterface)...)
		}
	case reflect.Struct:
		for i := 0; i < t.NumField(); i++ {
			found = append(found, words(t.Field(i).Type, offset+t.Field(i).Offset, ofInterface)...)
		}
	}
	return found
}
