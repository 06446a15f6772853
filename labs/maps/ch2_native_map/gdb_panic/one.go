// One goroutine on a map. A debugger stops it at hold and, in some runs, changes a byte of the map there.
package main

import "unsafe"

var other map[int32]string

// hold is where a debugger stops the program; it does nothing.
//
//go:noinline
func hold() {}

func removeAbsent(int) { delete(shared, 42) }

func assignNil(int) {
	shared = nil
	shared[42] = "v"
}

// removeAlone deletes present keys, then the same keys again.
func removeAlone(n int) {
	for i := 0; i < keys; i++ {
		shared[i] = "v"
	}
	for i := 0; i < n; i++ {
		delete(shared, i%keys)
	}
}

//go:noinline
func assignOnce(int) {
	hold()
	shared[42] = "v"
}

//go:noinline
func assignOther(int) {
	other = make(map[int32]string)
	hold()
	other[42] = "v"
}

// badAddress reads memory that is not there: the runtime ends the process through throw, not fatal.
//
//go:noinline
func badAddress(int) {
	address := uintptr(1) << 40
	hold()
	println(*(*int)(unsafe.Pointer(address)))
}

// tampered does one operation on a map that is full to the point of growing: 0 reads the length, 1 assigns a
// present key, 2 deletes a present key, 3 assigns an absent key, which makes the map grow, 4 deletes from an empty map.
func tampered(operation int) {
	const full = 8 // a bucket's or a group's worth
	for i := 0; i < full && operation != 4; i++ {
		shared[i] = "v"
	}
	hold()
	switch operation {
	case 0:
		println(len(shared))
	case 1:
		shared[3] = "w"
	case 2, 4:
		delete(shared, 3)
	case 3:
		shared[full] = "w"
	}
	hold()
}
