// Makes many objects of some sizes and prints what one takes, as a benchmark does; the best of several times. To be seen:
// how much less a routine takes that was made for one size. It needs no package testing, so that little has to be
// compiled.
package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"time"
)

const (
	objects = 100_000
	times   = 9
)

func main() {
	debug.SetGCPercent(-1)
	line := "BenchmarkNew 1 1 ns/op"
	for _, kind := range kinds {
		best := int64(0)
		for i := 0; i < times; i++ {
			runtime.GC() // what was made before is room for what comes now
			began := time.Now()
			kind.make()
			if took := time.Since(began).Nanoseconds(); best == 0 || took < best {
				best = took
			}
		}
		line += " " + strconv.FormatFloat(float64(best)/objects, 'f', 3, 64) + " " + kind.name + "-ns/op"
	}
	os.Stdout.WriteString(line + "\n")
}

var kinds = []struct {
	name string
	make func()
}{
	{"nothing", nothing},
	{"bytes8", bytes8},
	{"bytes16", bytes16},
	{"bytes24", bytes24},
	{"bytes32", bytes32},
	{"bytes48", bytes48},
	{"bytes64", bytes64},
	{"bytes80", bytes80},
	{"pointers8", pointers8},
	{"pointers16", pointers16},
	{"pointers24", pointers24},
	{"pointers32", pointers32},
	{"pointers48", pointers48},
	{"pointers64", pointers64},
	{"pointers80", pointers80},
}

// nothing does what the others do, but for making an object.
func nothing() {
	for i := 0; i < objects; i++ {
		lastNothing = &one
	}
}

var (
	one         [8]byte
	lastNothing *[8]byte
)

// Where the newest object of each kind is known, so that it lies on the heap.
var (
	lastBytes8 *[8]byte
	lastBytes16 *[16]byte
	lastBytes24 *[24]byte
	lastBytes32 *[32]byte
	lastBytes48 *[48]byte
	lastBytes64 *[64]byte
	lastBytes80 *[80]byte
	lastPointers8 *[1]*int
	lastPointers16 *[2]*int
	lastPointers24 *[3]*int
	lastPointers32 *[4]*int
	lastPointers48 *[6]*int
	lastPointers64 *[8]*int
	lastPointers80 *[10]*int
)

func bytes8() {
	for i := 0; i < objects; i++ {
		lastBytes8 = new([8]byte)
	}
}

func bytes16() {
	for i := 0; i < objects; i++ {
		lastBytes16 = new([16]byte)
	}
}

func bytes24() {
	for i := 0; i < objects; i++ {
		lastBytes24 = new([24]byte)
	}
}

func bytes32() {
	for i := 0; i < objects; i++ {
		lastBytes32 = new([32]byte)
	}
}

func bytes48() {
	for i := 0; i < objects; i++ {
		lastBytes48 = new([48]byte)
	}
}

func bytes64() {
	for i := 0; i < objects; i++ {
		lastBytes64 = new([64]byte)
	}
}

func bytes80() {
	for i := 0; i < objects; i++ {
		lastBytes80 = new([80]byte)
	}
}

func pointers8() {
	for i := 0; i < objects; i++ {
		lastPointers8 = new([1]*int)
	}
}

func pointers16() {
	for i := 0; i < objects; i++ {
		lastPointers16 = new([2]*int)
	}
}

func pointers24() {
	for i := 0; i < objects; i++ {
		lastPointers24 = new([3]*int)
	}
}

func pointers32() {
	for i := 0; i < objects; i++ {
		lastPointers32 = new([4]*int)
	}
}

func pointers48() {
	for i := 0; i < objects; i++ {
		lastPointers48 = new([6]*int)
	}
}

func pointers64() {
	for i := 0; i < objects; i++ {
		lastPointers64 = new([8]*int)
	}
}

func pointers80() {
	for i := 0; i < objects; i++ {
		lastPointers80 = new([10]*int)
	}
}
