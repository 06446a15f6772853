package main

import (
	"fmt"
	"runtime"
	"unsafe"
)

const objects = 1000

// An object is larger than what the runtime packs several of into one block, and holds no pointer.
type object [4]int

var (
	kept  any
	freed int
)

// keep prints how many of a thousand objects the collector frees that only a map refers to, in four different ways.
func keep() {
	watch("values *int", func(made func() *object) any {
		m := map[string]*int{}
		for i := 0; i < objects; i++ {
			m[fmt.Sprint(i)] = &made()[0]
		}
		return m
	})
	watch("values int", func(made func() *object) any {
		m := map[string]int{}
		for i := 0; i < objects; i++ {
			m[fmt.Sprint(i)] = int(uintptr(unsafe.Pointer(made())))
		}
		return m
	})
	watch("keys string", func(made func() *object) any {
		m := map[string]int{}
		for i := 0; i < objects; i++ {
			key := made()
			key[0] = i
			m[unsafe.String((*byte)(unsafe.Pointer(key)), unsafe.Sizeof(*key))] = i
		}
		return m
	})
	watch("keys uintptr", func(made func() *object) any {
		m := map[uintptr]int{}
		for i := 0; i < objects; i++ {
			m[uintptr(unsafe.Pointer(made()))] = i
		}
		return m
	})
}

func watch(label string, fill func(func() *object) any) {
	freed = 0
	kept = fill(func() *object {
		made := new(object)
		runtime.SetFinalizer(made, func(*object) { freed++ })
		return made
	})
	for round := 0; round < 5; round++ {
		collect()
	}
	fmt.Printf("{\"label\":%q,\"objects\":%d,\"freed\":%d}\n", label, objects, freed)
	runtime.KeepAlive(kept)
	kept = nil
	collect()
	collect()
}

// collect runs the collector, and waits until a finalizer of that collection has run. Finalizers run one after the
// other, in the order of the collections that found them.
func collect() {
	ran := make(chan bool)
	forget(ran)
	runtime.GC()
	<-ran
}

//go:noinline
func forget(ran chan bool) {
	runtime.SetFinalizer(new(object), func(*object) { close(ran) })
}
