// Makes weak pointers to objects of several sizes. To be seen: what they give while something else leads to the object,
// and what once nothing does.
package main

import (
	"encoding/json"
	"os"
	"runtime"
	"weak"
)

const objects = 100

// filler takes up what is left of the 16 bytes that the allocator shares among small objects without pointers, so that
// objects share them with their like only.
var filler *[15]byte

// pointed is a size of objects, with pointers in them or without.
type pointed struct {
	Bytes       int
	HasPointers bool
	// Of so many objects each: those to which the pointer led, while a strong pointer was kept and once it was not.
	Objects int
	While   int
	After   int
	// How many strong pointers in place of weak ones led to their object at the end.
	Strong int
}

func main() {
	json.NewEncoder(os.Stdout).Encode([]pointed{
		look[[1]byte](1, false),
		look[[8]byte](8, false),
		look[[16]byte](16, false),
		look[[128]byte](128, false),
		look[[1024]byte](1024, false),
		look[[1]*int](8, true),
		look[[2]*int](16, true),
		look[[16]*int](128, true),
		look[[128]*int](1024, true),
	})
}

func look[T any](bytes int, hasPointers bool) pointed {
	found := pointed{Bytes: bytes, HasPointers: hasPointers, Objects: objects}
	strong, weaks := build[T]()
	runtime.GC()
	found.While = alive(weaks)
	runtime.KeepAlive(strong)
	clear(strong)
	for range 3 {
		runtime.GC()
	}
	found.After = alive(weaks)
	kept, _ := build[T]()
	for range 3 {
		runtime.GC()
	}
	for _, one := range kept {
		if one != nil {
			found.Strong++
		}
	}
	return found
}

//go:noinline
func build[T any]() ([]*T, []weak.Pointer[T]) {
	strong, weaks := make([]*T, objects), make([]weak.Pointer[T], objects)
	filler = new([15]byte)
	for at := range strong {
		strong[at] = new(T)
		weaks[at] = weak.Make(strong[at])
	}
	filler = new([15]byte)
	filler = nil
	return strong, weaks
}

func alive[T any](weaks []weak.Pointer[T]) int {
	count := 0
	for _, one := range weaks {
		if one.Value() != nil {
			count++
		}
	}
	return count
}
