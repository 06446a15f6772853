// A goroutine writes to a sync.Map's dirty map and makes it the read map; another one reads what was written.
package main

import (
	"os"
	"reflect"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"
)

const (
	rounds  = 20
	keys    = 16
	noField = 3
	lost    = 4
)

// publish does it with a fresh map in each round. If `through`, the reader first loads the map's read pointer until it
// leads to the dirty map, as every Load of the map does; if not, it waits for long enough. Then it looks up all keys in
// that map itself: no other access of the reader could order it after the writer's.
func publish(through bool) {
	t := reflect.TypeOf(shared)
	read, hasRead := t.FieldByName("read")
	dirty, hasDirty := t.FieldByName("dirty")
	if !hasRead || !hasDirty {
		os.Exit(noField)
	}
	for round := 0; round < rounds; round++ {
		m := new(sync.Map)
		m.Store(-1, new(int)) // makes the dirty map
		pointer := (*unsafe.Pointer)(unsafe.Add(unsafe.Pointer(m), read.Offset))
		inner := *(*unsafe.Pointer)(unsafe.Add(unsafe.Pointer(m), dirty.Offset))
		done := make(chan bool)
		go func() {
			if through {
				// A struct that read leads to begins with its map (sync/map.go: readOnly).
				for *(*unsafe.Pointer)(atomic.LoadPointer(pointer)) != inner {
					runtime.Gosched()
				}
			} else {
				time.Sleep(50 * time.Millisecond)
			}
			done <- sum(inner) == keys*(keys-1)/2
		}()
		for key := 0; key < keys; key++ {
			number := new(int)
			*number = key
			m.Store(key, number)
		}
		m.Range(func(_, _ any) bool { return false })
		if !<-done {
			os.Exit(lost)
		}
	}
}

// sum adds up what the pointers in the map lead to. Its entries begin with a pointer to the value (sync/map.go: entry).
func sum(inner unsafe.Pointer) (total int) {
	m := *(*map[any]*unsafe.Pointer)(unsafe.Pointer(&inner))
	for key := 0; key < keys; key++ {
		entry := m[key]
		if entry == nil {
			os.Exit(lost)
		}
		total += *(*(*any)(*entry)).(*int)
	}
	return total
}

// ordinary is a map that is published by a plain pointer.
type ordinary struct{ read *map[any]int }

//go:noinline
func (o *ordinary) publish(m *map[any]int) { o.read = m }

//go:noinline
func (o *ordinary) current() *map[any]int { return o.read }

func publishPlainly() {
	for round := 0; round < rounds; round++ {
		o := new(ordinary)
		done := make(chan bool)
		go func() {
			for o.current() == nil {
				runtime.Gosched()
			}
			total := 0
			for key := 0; key < keys; key++ {
				total += (*o.current())[key]
			}
			done <- total == keys*(keys-1)/2
		}()
		m := map[any]int{}
		for key := 0; key < keys; key++ {
			m[key] = key
		}
		o.publish(&m)
		if !<-done {
			os.Exit(lost)
		}
	}
}
