// Two goroutines on one thing, without a lock.
package main

import (
	"os"
	"reflect"
	"sync"
	"sync/atomic"
	"unsafe"
)

// both lets two goroutines do it and waits for the two.
func both(do func(who int)) {
	var done sync.WaitGroup
	done.Add(2)
	for who := 0; who < 2; who++ {
		who := who
		go func() { defer done.Done(); do(who) }()
	}
	done.Wait()
}

// readField gives the address of the word in which a sync.Map keeps its pointer `read`, and the type it points to;
// nil if there is none.
func readField(m *sync.Map) (*unsafe.Pointer, reflect.Type) {
	field := reflect.ValueOf(m).Elem().FieldByName("read")
	if !field.IsValid() || field.Kind() != reflect.Struct || !field.FieldByName("v").IsValid() {
		return nil, nil
	}
	// An atomic.Pointer[T] begins with a field of type [0]*T (sync/atomic/type.go).
	target := field.Type().Field(0).Type.Elem().Elem()
	return (*unsafe.Pointer)(unsafe.Pointer(field.FieldByName("v").UnsafeAddr())), target
}

// readOnly loads the pointer atomically and gives the map `m` of what it points to, as one that can be assigned to.
func readOnly(read *unsafe.Pointer, target reflect.Type) reflect.Value {
	m := reflect.NewAt(target, atomic.LoadPointer(read)).Elem().FieldByName("m")
	return reflect.NewAt(m.Type(), unsafe.Pointer(m.UnsafeAddr())).Elem()
}

var nothing [8]uintptr

func innerMap(m *sync.Map) uintptr {
	read, target := readField(m)
	if read == nil {
		return uintptr(unsafe.Pointer(&nothing))
	}
	return readOnly(read, target).Pointer()
}

// changeThrough has two goroutines load the pointer `read` atomically and assign entries to the map that it leads to:
// those that are there, under their own keys.
func changeThrough() {
	fill(&shared)
	read, target := readField(&shared)
	if read == nil {
		os.Exit(3)
	}
	both(func(int) {
		m := readOnly(read, target)
		for i := 0; i < few; i++ {
			key := reflect.ValueOf(i)
			m.SetMapIndex(key, m.MapIndex(key))
		}
	})
}

// replaceWhole has two goroutines load a pointer atomically, copy the map it points to, change the copy, and publish it.
func replaceWhole() {
	pointer := unsafe.Pointer(&map[int]int{0: 0})
	both(func(who int) {
		for i := 0; i < few; {
			old := atomic.LoadPointer(&pointer)
			changed := map[int]int{}
			for key, value := range *(*map[int]int)(old) {
				changed[key] = value
			}
			changed[i] = who
			if atomic.CompareAndSwapPointer(&pointer, old, unsafe.Pointer(&changed)) {
				i++
			}
		}
	})
}

// loadAndStoreExisting has two goroutines load and store keys that are there.
func loadAndStoreExisting() {
	fill(&shared)
	both(func(who int) {
		for i := 0; i < 20*keys; i++ {
			shared.Load(i % keys)
			shared.Store(i%keys, who)
		}
	})
}
