// One call of the kind named on the command line, after a stop of a debugger: a lookup or an assignment in a map with
// int32 keys, or a function of ours. The entry to look for is given by its number.
// To be seen: which register holds what when the function is entered, inside it, and when it has returned.
package main

import (
	"os"
	"strconv"
	"unsafe"
)

var (
	many  = map[int32]int{}
	few   = map[int32]int{}
	empty = map[int32]int{}
	none  map[int32]int

	// kind leads a debugger to the type descriptor of these maps; descriptor is its address.
	kind       any = map[int32]int(nil)
	descriptor unsafe.Pointer

	wanted int32
	sink   int
	found  *int
)

// key spreads the numbers over all 32 bits: some keys are negative.
func key(number int) int32 { return int32(uint32(number) * 0x9E3779B1) }

// value is eight digits as text, of which the last two are the number's.
func value(number int) int {
	return 0x3030303030303030 + number/10<<48 + number%10<<56
}

//go:noinline
func hold() {}

//go:noinline
func lookMany() { sink = many[wanted] }

//go:noinline
func lookFew() { sink = few[wanted] }

//go:noinline
func lookEmpty() { sink = empty[wanted] }

//go:noinline
func lookNone() { sink = none[wanted] }

//go:noinline
func setMany() { many[wanted] = sink }

//go:noinline
func setFew() { few[wanted] = sink }

func main() {
	descriptor = (*[2]unsafe.Pointer)(unsafe.Pointer(&kind))[0]
	for i := 0; i < 100; i++ {
		many[key(i)] = value(i)
		own.put(key(i), value(i))
	}
	for i := 0; i < 6; i++ {
		few[key(i)] = value(i)
	}
	number, _ := strconv.Atoi(os.Args[2])
	wanted = key(number)
	slot = value(number)
	call := map[string]func(){
		"many":    lookMany,
		"few":     lookFew,
		"empty":   lookEmpty,
		"none":    lookNone,
		"set":     setMany,
		"set-few": setFew,
		"ordered": callOrdered,
		"find":    callFind,
		"twenty":  callTwenty,
		"leaf":    callLeaf,
		"stored":  callStored,
	}[os.Args[1]]
	hold()
	call()
	println("found", sink, found == nil)
}
