// Channels that are made one after the other, and where their elements lie.
package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"unsafe"
)

const many = 300

var (
	small    [many]chan int
	pointers chan *int
	large    chan [1024]int
)

// makeAll makes a small channel, so many of them that they need further spans, one for pointers, and a large one.
func makeAll() {
	size := argument()
	hold()
	small[0] = make(chan int, size)
	hold()
	for i := range small[1:] {
		small[1+i] = make(chan int, size)
	}
	hold()
	pointers = make(chan *int, size)
	hold()
	large = make(chan [1024]int, size)
	hold()
}

// withPointer and shortWithPointer are elements whose buffer is allocated by itself.
type (
	withPointer struct {
		word    uintptr
		pointer *int
		more    uintptr
	}
	shortWithPointer struct {
		word    uintptr
		pointer *int
	}
)

const elements = 64

// lines prints for several kinds of elements where the program found them in memory.
func lines() {
	line := lineSize()
	find("1 byte", line, 1, func(c chan uint8, i int) { c <- uint8(mark(i)) })
	find("2 bytes", line, 2, func(c chan uint16, i int) { c <- uint16(mark(i)) })
	find("3 bytes", line, 3, func(c chan [3]uint8, i int) { c <- [3]uint8{uint8(mark(i)), 0x5A, 0x5A} })
	find("4 bytes", line, 4, func(c chan uint32, i int) { c <- uint32(mark(i)) })
	find("8 bytes", line, 8, func(c chan [1]uintptr, i int) { c <- [1]uintptr{mark(i)} })
	find("16 bytes", line, 16, func(c chan [2]uintptr, i int) { c <- [2]uintptr{mark(i)} })
	find("24 bytes", line, 24, func(c chan [3]uintptr, i int) { c <- [3]uintptr{mark(i)} })
	find("40 bytes", line, 40, func(c chan [5]uintptr, i int) { c <- [5]uintptr{mark(i)} })
	find("64 bytes", line, 64, func(c chan [8]uintptr, i int) { c <- [8]uintptr{mark(i)} })
	find("16 bytes, one a pointer", line, 16, func(c chan shortWithPointer, i int) { c <- shortWithPointer{word: mark(i)} })
	find("24 bytes, one a pointer", line, 24, func(c chan withPointer, i int) { c <- withPointer{word: mark(i)} })
}

// mark is the first word of the element of that number, or as much of it as the element has.
func mark(i int) uintptr { return 0x5A5A5A5A5A5A5AA0 + uintptr(i) }

// find fills a channel, looks for its elements from the channel on and from its buffer on, and prints how many there
// are, how far each is behind the one before, and how many have their first and last byte in two cache lines.
func find[E any](label string, line, size uintptr, send func(chan E, int)) {
	c := make(chan E, elements)
	for i := 0; i < elements; i++ {
		send(c, i)
	}
	header := *(*unsafe.Pointer)(unsafe.Pointer(&c))
	words := *(*[3]uintptr)(header)
	found := search(uintptr(header), 256, size)
	if len(found) == 0 {
		found = search(words[2], 0, size)
	}
	steps, straddling := map[uintptr]bool{}, 0
	for i, at := range found {
		if i > 0 {
			steps[at-found[i-1]] = true
		}
		if line > 0 && at/line != (at+size-1)/line {
			straddling++
		}
	}
	even := len(steps) == 1 && steps[size]
	fmt.Printf("{\"label\":%q,\"line\":%d,\"size\":%d,\"found\":%d,\"even\":%v,\"first\":%d,\"header\":%d,\"straddling\":%d}\n",
		label, line, size, len(found), even, found[0], uintptr(header), straddling)
	runtimeKeeps(c)
}

// search looks for the elements in memory that begins there, or that is so many bytes further on at most. Of the places
// from which all can be found the last one counts: bytes before it may look like a small element.
func search(start, further, size uintptr) (found []uintptr) {
	for at := start; at <= start+further; at++ {
		if here := walk(at, size); len(here) == elements {
			found = here
		}
	}
	return found
}

// walk finds one element after the other, if the first one is there; from one to the next it looks a little further than
// they should be apart.
func walk(at, size uintptr) (found []uintptr) {
	for end := at + 1; at < end; at++ {
		if isElement(at, size, len(found)) {
			if found = append(found, at); len(found) == elements {
				break
			}
			end = at + 2*size + 1
		}
	}
	return found
}

// isElement compares as many bytes of the mark as an element has.
func isElement(at, size uintptr, number int) bool {
	for i := uintptr(0); i < size && i < 8; i++ {
		if *(*byte)(unsafe.Pointer(at + i)) != byte(mark(number)>>(8*i)) {
			return false
		}
	}
	return true
}

//go:noinline
func runtimeKeeps(interface{}) {}

// lineSize is that of the processor's first cache, as the kernel tells it; 0 if it does not.
func lineSize() uintptr {
	for _, file := range []string{"index0/coherency_line_size", "index1/coherency_line_size"} {
		text, err := os.ReadFile("/sys/devices/system/cpu/cpu0/cache/" + file)
		if err == nil {
			if n, err := strconv.Atoi(strings.TrimSpace(string(text))); err == nil {
				return uintptr(n)
			}
		}
	}
	return 0
}
