// The same two fields with the directive go:align in every place and spelling that one might try, and with padding
// written by hand. To be seen: whether the compiler says anything, and which of them moves a field.
package main

import (
	"encoding/json"
	"os"
	"reflect"
	"sync"
	"sync/atomic"
	"unsafe"
)

type bare struct {
	mu   sync.Mutex
	read atomic.Value
}

//go:align 64
type onType struct {
	mu   sync.Mutex
	read atomic.Value
}

type onField struct {
	mu sync.Mutex
	//go:align 64
	read atomic.Value
}

type onBothFields struct {
	//go:align 64
	mu sync.Mutex
	//go:align 64
	read atomic.Value
}

type equals struct {
	mu sync.Mutex
	//go:align=64
	read atomic.Value
}

type brackets struct {
	mu sync.Mutex
	//go:align(64)
	read atomic.Value
}

type spaced struct {
	mu sync.Mutex
	// go:align 64
	read atomic.Value
}

type byHand struct {
	mu   sync.Mutex
	_    [64 - unsafe.Sizeof(sync.Mutex{})]byte
	read atomic.Value
}

// Variables of 24 bytes: in a row they cannot all begin at multiples of 64 by chance.
var (
	//go:align 64
	first [3]uintptr
	//go:align 64
	second [3]uintptr
	//go:align 64
	third [3]uintptr
	//go:align 64
	fourth [3]uintptr
)

type variant struct {
	Name              string
	Size, Align       uintptr
	MuOffset          uintptr
	ReadOffset        uintptr
	Objects, OnStarts int // on the heap, and how many of them begin at a multiple of 64
}

var kept []interface{}

func main() {
	var seen struct {
		Variants []variant
		Starts   []uintptr // of the variables, within 64 bytes
	}
	for _, value := range []interface{}{bare{}, onType{}, onField{}, onBothFields{}, equals{}, brackets{}, spaced{}, byHand{}} {
		t := reflect.TypeOf(value)
		mu, _ := t.FieldByName("mu")
		read, _ := t.FieldByName("read")
		v := variant{Name: t.Name(), Size: t.Size(), Align: uintptr(t.Align()), MuOffset: mu.Offset, ReadOffset: read.Offset}
		for ; v.Objects < 1000; v.Objects++ {
			pointer := reflect.New(t)
			kept = append(kept, pointer.Interface())
			if pointer.Pointer()%64 == 0 {
				v.OnStarts++
			}
		}
		seen.Variants = append(seen.Variants, v)
	}
	for _, pointer := range []*[3]uintptr{&first, &second, &third, &fourth} {
		seen.Starts = append(seen.Starts, uintptr(unsafe.Pointer(pointer))%64)
	}
	if json.NewEncoder(os.Stdout).Encode(seen) != nil {
		os.Exit(1)
	}
}
