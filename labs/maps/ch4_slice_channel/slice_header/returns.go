package main

import (
	"runtime"
	"unsafe"
)

// header is where a slice's header lies and what is in it.
type header struct {
	At, Array     uintptr
	Len, Capacity int
}

func headerOf(s *[]int) header {
	return header{at(unsafe.Pointer(s)), at(unsafe.Pointer(unsafe.SliceData(*s))), len(*s), cap(*s)}
}

// returned is what one function returned.
type returned struct {
	Label           string
	Inside, Outside header // as the function had it, and as its caller got it
	Reached         bool   // a change of the caller's header changed the function's
	Shared          bool   // an element that the caller set was set for the function, too
	Alive           bool   // with the caller's header alone the array outlived three collections
	Intact          bool   // with all that was in it
	Dropped         bool   // without it the array was gone
}

// source is the slice that the functions below return; its header is theirs.
var source []int

//go:noinline
func lend() []int { return source }

//go:noinline
func lendPointer() *[]int { return &source }

// newSource makes an array whose end is told.
//
//go:noinline
func newSource(gone *bool) {
	source = make([]int, 5)
	for i := range source {
		source[i] = 100 + i
	}
	runtime.SetFinalizer(&source[0], func(*int) { *gone = true })
}

func returns() []returned {
	gone := new(bool)
	newSource(gone)
	slice := keep("a slice", gone, func(r *returned) *[]int {
		s := lend()
		r.Inside, r.Outside = headerOf(&source), headerOf(&s)
		return &s
	})
	newSource(gone)
	pointer := keep("a pointer to a slice", gone, func(r *returned) *[]int {
		p := lendPointer()
		r.Inside, r.Outside = headerOf(&source), headerOf(p)
		return p
	})
	return []returned{slice, pointer}
}

//go:noinline
func keep(label string, gone *bool, call func(*returned) *[]int) returned {
	r := returned{Label: label}
	*gone = false
	outside := call(&r)
	r.compare(outside)
	if outside != &source {
		source = nil // the function's header is no more
	}
	for i := 0; i < 3; i++ {
		collect()
	}
	whole := (*outside)[:5]
	r.Alive, r.Intact = !*gone, true
	for i, element := range whole {
		r.Intact = r.Intact && (element == 100+i || i == 0 && element == 7)
	}
	whole, *outside = nil, nil
	for i := 0; i < 3; i++ {
		collect()
	}
	r.Dropped = *gone
	return r
}

func (r *returned) compare(outside *[]int) {
	*outside = (*outside)[:2]
	r.Reached = len(source) == 2
	(*outside)[0] = 7
	r.Shared = source[0] == 7
}

// give makes a slice of its own, looks at it, and returns it.
//
//go:noinline
func give() []int {
	s := make([]int, 5, 9)
	look(at(unsafe.Pointer(&s)), at(unsafe.Pointer(unsafe.SliceData(s))), len(s), cap(s))
	return s
}

var total int

//go:noinline
func takeSlice() {
	s := give()
	look(at(unsafe.Pointer(&s)), at(unsafe.Pointer(unsafe.SliceData(s))), len(s), cap(s))
	for _, element := range s {
		total += element
	}
}
