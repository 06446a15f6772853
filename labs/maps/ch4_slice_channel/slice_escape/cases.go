package main

import "unsafe"

// cases are the ways to make a slice, by the name of the function, with what it gets.
var cases = []struct {
	label string
	n     int
	make  func(int)
}{
	{"tenKept", 0, tenKept},
	{"tenReturned", 0, func(int) { look(at(unsafe.Pointer(unsafe.SliceData(tenReturned()))), 0) }},
	{"bytesKept", 0, bytesKept},
	{"bytesReturned", 0, func(int) { look(at(unsafe.Pointer(unsafe.SliceData(bytesReturned()))), 0) }},

	{"fiveKept", 0, fiveKept},
	{"fiveCalled", 0, fiveCalled},
	{"fiveInlined", 0, fiveInlined},
	{"fiveInlinedAndStored", 0, fiveInlinedAndStored},

	{"headerOverHeap", 0, headerOverHeap},
	{"headerOverLarge", 0, headerOverLarge},
	{"headerReturned", 0, func(int) { headerReturned() }},
	{"headerGivenAway", 0, headerGivenAway},

	{"variable", 1, variable}, {"variable", 2, variable}, {"variable", 3, variable}, {"variable", 4, variable},
	{"variable", 5, variable}, {"variable", 8, variable}, {"variable", 10, variable}, {"variable", 100, variable},
	{"variableBytes", 1, variableBytes}, {"variableBytes", 31, variableBytes}, {"variableBytes", 32, variableBytes},
	{"variableBytes", 33, variableBytes}, {"variableBytes", 100, variableBytes},
	{"variableTriples", 1, variableTriples}, {"variableTriples", 2, variableTriples},
	{"variableFives", 1, variableFives},
	{"variableReturned", 1, func(n int) { look(at(unsafe.Pointer(unsafe.SliceData(variableReturned(n)))), 0) }},
	{"variableReturned", 10, func(n int) { look(at(unsafe.Pointer(unsafe.SliceData(variableReturned(n)))), 0) }},

	{"variableLength", 3, variableLength},
	{"variableFromConstant", 0, variableFromConstant},
	{"variableFromArgument", 0, variableFromArgument},
}

// --- a constant size ---

//go:noinline
func tenKept(int) {
	s := make([]int, 10)
	look(at(unsafe.Pointer(unsafe.SliceData(s))), 0)
}

//go:noinline
func tenReturned() []int {
	s := make([]int, 10)
	return s
}

//go:noinline
func bytesKept(int) {
	s := make([]byte, 100)
	look(at(unsafe.Pointer(unsafe.SliceData(s))), 0)
}

//go:noinline
func bytesReturned() []byte {
	s := make([]byte, 100)
	return s
}

//go:noinline
func fiveKept(int) {
	s := make([]int, 5)
	look(at(unsafe.Pointer(unsafe.SliceData(s))), 0)
}

// giveFive may be inlined: nothing here forbids it.
func giveFive() []int {
	s := make([]int, 5)
	return s
}

// giver keeps it from being inlined: the compiler does not know which function this is.
var giver func() []int

var stored []int

//go:noinline
func fiveCalled(int) {
	look(at(unsafe.Pointer(unsafe.SliceData(giver()))), 0)
}

//go:noinline
func fiveInlined(int) {
	look(at(unsafe.Pointer(unsafe.SliceData(giveFive()))), 0)
}

//go:noinline
func fiveInlinedAndStored(int) {
	stored = giveFive()
	look(at(unsafe.Pointer(unsafe.SliceData(stored))), 0)
}

// --- where the header is ---

var (
	onHeap []int
	header *[]int
)

//go:noinline
func headerOverHeap(int) {
	s := onHeap
	look(at(unsafe.Pointer(unsafe.SliceData(s))), at(unsafe.Pointer(&s)))
}

//go:noinline
func headerOverLarge(int) {
	s := make([]int, 9000)
	look(at(unsafe.Pointer(unsafe.SliceData(s))), at(unsafe.Pointer(&s)))
}

//go:noinline
func headerReturned() []int {
	s := make([]int, 5)
	look(at(unsafe.Pointer(unsafe.SliceData(s))), at(unsafe.Pointer(&s)))
	return s
}

//go:noinline
func headerGivenAway(int) {
	s := make([]int, 5)
	header = &s
	look(at(unsafe.Pointer(unsafe.SliceData(s))), at(unsafe.Pointer(&s)))
}

// --- a size that the compiler does not know ---

//go:noinline
func variable(n int) {
	s := make([]int, n)
	look(at(unsafe.Pointer(unsafe.SliceData(s))), 0)
}

//go:noinline
func variableBytes(n int) {
	s := make([]byte, n)
	look(at(unsafe.Pointer(unsafe.SliceData(s))), 0)
}

//go:noinline
func variableTriples(n int) {
	s := make([][3]int, n)
	look(at(unsafe.Pointer(unsafe.SliceData(s))), 0)
}

//go:noinline
func variableFives(n int) {
	s := make([][5]int, n)
	look(at(unsafe.Pointer(unsafe.SliceData(s))), 0)
}

//go:noinline
func variableReturned(n int) []int {
	s := make([]int, n)
	return s
}

// --- a variable size that the compiler may see through ---

//go:noinline
func variableLength(n int) {
	s := make([]int, n, 10)
	look(at(unsafe.Pointer(unsafe.SliceData(s))), 0)
}

//go:noinline
func variableFromConstant(int) {
	n := 10
	s := make([]int, n)
	look(at(unsafe.Pointer(unsafe.SliceData(s))), 0)
}

// lookAt may be inlined, and then n is the constant that it is called with.
func lookAt(n int) {
	s := make([]int, n)
	look(at(unsafe.Pointer(unsafe.SliceData(s))), 0)
}

//go:noinline
func variableFromArgument(int) { lookAt(10) }
