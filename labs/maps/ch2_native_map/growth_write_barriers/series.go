// One goroutine, one small thing after the other: first while the collector does nothing, then while it marks.
package main

import (
	"strconv"
	"sync/atomic"
	"unsafe"
)

type value struct{ number int }

type pair struct{ key, number int }

var (
	texts    map[string]string
	pointers map[string]*value
	numbers  map[int]int
	byNumber map[int]*value
	counts   map[string]int

	keys   [16]string
	plain  *[4]int
	pairs  [2]*[8]pair
	shared unsafe.Pointer
)

const (
	full = 8        // a bucket's or a group's worth: the ninth key makes a map grow
	some = full - 2 // with a key more there is still nothing to grow
)

func series() {
	for i := range keys {
		keys[i] = "key " + strconv.Itoa(i)
	}
	plain, pairs = new([4]int), [2]*[8]pair{new([8]pair), new([8]pair)}
	once()
	untilMarking()
	once()
}

// once does one thing between one hold and the next.
func once() {
	texts, pointers, numbers = map[string]string{}, map[string]*value{}, map[int]int{}
	byNumber, counts = map[int]*value{}, map[string]int{}
	for i := 0; i < some; i++ {
		texts[keys[i]], pointers[keys[i]], numbers[i] = keys[i], &value{i}, i
		byNumber[i], counts[keys[i]] = &value{i}, i
	}
	hold()
	storeIntegers(plain, 7)
	hold()
	copyPairs(pairs[0], pairs[1])
	hold()
	swap(new(value))
	hold()
	assignText(keys[3], keys[4]) // a key that is there
	hold()
	assignText(keys[some], keys[4]) // a new one
	hold()
	assignPointer(keys[some], new(value))
	hold()
	assignByNumber(some, new(value))
	hold()
	assignCount(keys[some], 4)
	hold()
	assignNumber(some, 4)
	hold()
	growPointers()
	hold()
	growNumbers()
	hold()
}

//go:noinline
func storeIntegers(to *[4]int, n int) { to[0], to[1], to[2], to[3] = n, n+1, n+2, n+3 }

// copyPairs copies entries as a growing map does, but none of their words is a pointer.
//
//go:noinline
func copyPairs(to, from *[8]pair) {
	for i := range from {
		to[i] = from[i]
	}
}

//go:noinline
func swap(to *value) { atomic.SwapPointer(&shared, unsafe.Pointer(to)) }

//go:noinline
func assignText(key, text string) { texts[key] = text }

//go:noinline
func assignPointer(key string, to *value) { pointers[key] = to }

//go:noinline
func assignByNumber(key int, to *value) { byNumber[key] = to }

//go:noinline
func assignCount(key string, number int) { counts[key] = number }

//go:noinline
func assignNumber(key, number int) { numbers[key] = number }

// growPointers assigns new keys until there are twice as many as fit at first: the map grows twice.
//
//go:noinline
func growPointers() {
	for _, key := range keys[some+1:] {
		pointers[key] = new(value)
	}
}

//go:noinline
func growNumbers() {
	for i := some + 1; i < len(keys); i++ {
		numbers[i] = i
	}
}
