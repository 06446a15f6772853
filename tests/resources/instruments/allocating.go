// Functions of which it is known what they allocate, for the tests of the instrument "allocations".
package main

import (
	"os"
	"strings"
	"sync"
)

type point struct{ x, y int }

type list struct {
	next *list
	n    int
}

//go:noinline
func (l *list) push() { l.next = &list{n: 1} }

var (
	someInt      *int32
	somePoint    *point
	someList     *list
	someArray    *[25]uint64
	someInts     []int
	somePointers []*int
	someBytes    []byte
	someMap      map[int]int
	someString   string
	someAny      any
	someFunction func() int
	someEmpty    []struct{}

	text     = []byte("some text that is longer than thirty-two bytes")
	head     list
	number   = 1000
	constant = "forty-six bytes of text that nobody changes at"
	none     = 0
	hundred  = 100
	synced   sync.Map
	once     sync.Once
)

func init() { synced.Store(1, 1) }

// One object each.

func tiny()              { someInt = new(int32) }
func noPointers()        { somePoint = new(point) }
func pointers()          { someList = new(list) }
func small()             { someArray = new([25]uint64) }
func slice()             { someInts = make([]int, hundred) }
func sliceOfPointers()   { somePointers = make([]*int, 1000) }
func large()             { someBytes = make([]byte, 100<<10) }
func stringOfBytes()     { someString = string(text) }
func boxed()             { someAny = number }
func interfaceOfStruct() { someAny = point{number, number} }
func closure() {
	n := number
	someFunction = func() int { return n }
}

// None.

func nothing()   { someInt = nil }
func ofNoBytes() { someBytes = make([]byte, none) }
func ofNoSize()  { someEmpty = make([]struct{}, hundred) }
func emptied()   { someInts = append(someInts[:0], 1) }
func onTheStack() {
	p := new(point)
	p.x = number
	number = p.x
}

// Others.

func third() {
	number++
	if number%3 == 0 {
		somePoint = new(point)
	}
}

func maps() { someMap = make(map[int]int, 100) }

//go:noinline
func viaOthers() {
	pointers()
	head.push()
	someString = strings.Clone(constant)
}

//go:noinline
func keepString() { someString = string(text) }

//go:noinline
func (l *list) pushTwo() {
	l.push()
	l.push()
}

// viaOwn has no caller that is inlined: of these the memory profiler does not always name the innermost.
func viaOwn() {
	keepString()
	head.pushTwo()
}

func ranges() { synced.Range(func(_, _ any) bool { return true }) }

func lazy() { once.Do(func() { somePoint = new(point) }) }

func made() *point { return &point{1, 2} }

func inlinedAway() { number = made().x }

func ifAsked() {
	if len(os.Getenv("LAB")) > 0 {
		somePoint = new(point)
	}
}

// What cannot be counted.

func withResult() int { return 1 }

func panics() { panic("as it should") }

func allocatesTooMuch() {
	for i := 0; i < 1000; i++ {
		somePoint = new(point)
	}
}
