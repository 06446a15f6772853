// Maps whose keys and values differ in type and size, each used by small functions of its own.
// To be seen: which function of the runtime the compiler calls for each, what a debugger counts while they run, and
// what an assignment reads of the map's type.
package main

import (
	"os"
	"reflect"
)

// Package variables, so that no map lives on a stack.
var (
	narrow = map[int16]int{}
	fast   = map[int32]int{}
	broad  = map[int32][17]int{}
)

//go:noinline
func setNarrow(key int16, value int) { narrow[key] = value }

//go:noinline
func getNarrow(key int16) int { return narrow[key] }

//go:noinline
func setFast(key int32, value int) { fast[key] = value }

//go:noinline
func getFast(key int32) int { return fast[key] }

//go:noinline
func setBroad(key int32, value int) { broad[key] = [17]int{value} }

//go:noinline
func setReflected(key int32, value int) {
	reflect.ValueOf(fast).SetMapIndex(reflect.ValueOf(key), reflect.ValueOf(value))
}

// hold is where a debugger looks on.
//
//go:noinline
func hold() {}

const times = 20

// assign and look up between two holds; more than eight entries, so that Swiss maps hash too.
func use(set func(int), get func(int) int) {
	for i := 0; i < times; i++ {
		set(i)
	}
	hold()
	sum := 0
	for i := 0; i < times; i++ {
		set(i)
		sum += get(i)
	}
	hold()
	println(sum)
}

func none(int) int { return 0 }

func main() {
	setters := map[string]func(int){
		"narrow":    func(i int) { setNarrow(int16(i), i) },
		"fast":      func(i int) { setFast(int32(i), i) },
		"broad":     func(i int) { setBroad(int32(i), i) },
		"reflected": func(i int) { setReflected(int32(i), i) },
	}
	getters := map[string]func(int) int{
		"narrow": func(i int) int { return getNarrow(int16(i)) },
		"fast":   func(i int) int { return getFast(int32(i)) },
	}
	name := os.Args[1]
	if name == "kinds" {
		kinds()
		return
	}
	get := getters[name]
	if get == nil {
		get = none
	}
	use(setters[name], get)
}
