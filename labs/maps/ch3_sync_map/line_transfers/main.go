// The benchmark is in the file that ends in _test.go; nothing else is run.
package main

func main() {}

// What these give is a number of ticks of the time stamp counter, as long as nothing else is said.

// now is the counter itself.
func now() int64

// nothing is what the two readings take by themselves.
func nothing() int64

// add does n additions, of which each waits for the one before.
func add(n int) int64

// follow goes from word to word: each holds the address of the next.
//
//go:noescape
func follow(first *uint64, n int) int64

// swapEach compares and swaps n words that lie a stride apart, one after the other.
//
//go:noescape
func swapEach(first *uint64, old, new uint64, stride, n int) int64

// swapOne compares and swaps one word n times.
//
//go:noescape
func swapOne(word *uint64, old, new uint64, n int) int64

// swapOneAndPause does so with a PAUSE after each.
//
//go:noescape
func swapOneAndPause(word *uint64, old, new uint64, n int) int64

// flushSize gives bytes.
func flushSize() int
