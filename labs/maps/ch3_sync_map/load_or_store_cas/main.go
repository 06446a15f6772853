// Each word on the command line is one LoadOrStore of a sync.Map, or one operation on a word of our own; a debugger looks
// on, and sometimes changes the word right before a compare-and-swap. To be seen: when LoadOrStore compares and swaps at
// all, what it does when that fails, and what it returns.
package main

import (
	"encoding/json"
	"os"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"unsafe"
)

// The values that entries have.
const (
	given    = 1 // by the LoadOrStore under test
	existing = 2 // that was there before
	foreign  = 3 // that a debugger puts there, as another goroutine would
)

const key, otherKey = "key", "other key"

var (
	shared sync.Map

	// word is where the pointer to the key's value lies; wordAddress is its address.
	word        *unsafe.Pointer
	wordAddress uintptr

	// other and none are what a debugger stores into it.
	otherValue any = foreign
	other          = unsafe.Pointer(&otherValue)
	none       unsafe.Pointer

	returned = 0
	loaded   = false
	swapped  = false
)

func main() {
	debug.SetGCPercent(-1)
	experiments := map[string]func(){
		"absent":   absent,
		"present":  present,
		"deleted":  deleted,
		"expunged": expunged,
		"first":    first,
		"stored":   stored,
		"succeeds": succeeds,
		"fails":    fails,
		"loops":    loops,
		"reloads":  reloads,
		"mended":   mended,
	}
	experiments[os.Args[1]]()
}

// hold is where a debugger stops the program; it does nothing.
//
//go:noinline
func hold() {}

// fill leaves one key in the map, found without a mutex: the lookup that misses makes the map that took the write the
// one that is read (sync/map.go: missLocked).
func fill() {
	shared.Store(key, existing)
	shared.Load(key)
	watch(wordOf(&shared))
}

func watch(p *unsafe.Pointer) {
	word, wordAddress = p, uintptr(unsafe.Pointer(p))
	if none != nil || other == nil || swapped { // keeps them in the binary
		panic("a debugger has been here")
	}
}

func loadOrStore(key string) {
	hold()
	value, ok := shared.LoadOrStore(key, given)
	returned, loaded = value.(int), ok
	hold()
}

// absent is about a key that the map has never had.
func absent() {
	fill()
	loadOrStore(otherKey)
}

// present is about a key that is there.
func present() {
	fill()
	loadOrStore(key)
}

// deleted is about a key whose value has been deleted, and whose entry, up to Go 1.23, is still there.
func deleted() {
	fill()
	shared.Delete(key)
	loadOrStore(key)
}

// expunged is about a deleted key whose entry, up to Go 1.23, has also been left out of the map that takes new keys.
func expunged() {
	fill()
	shared.Delete(key)
	shared.Store(otherKey, existing)
	loadOrStore(key)
}

// first is about a key that the map has never had, the first one since its three other keys were deleted, of which it
// still has the entries up to Go 1.23.
func first() {
	fill()
	others := []string{"second", "third"}
	for _, other := range others {
		shared.Store(other, existing)
	}
	for i := 0; i <= len(others); i++ {
		shared.Load(otherKey)
	}
	for _, deleted := range append(others, key) {
		shared.Delete(deleted)
	}
	loadOrStore(otherKey)
}

var own unsafe.Pointer

// stored publishes a pointer without comparing.
func stored() {
	watch(&own)
	hold()
	atomic.StorePointer(word, other)
	hold()
}

func succeeds() {
	watch(&own)
	hold()
	swapped = atomic.CompareAndSwapPointer(word, none, other)
	hold()
}

func fails() {
	watch(&own)
	hold()
	swapped = atomic.CompareAndSwapPointer(word, other, other)
	hold()
}

// reloads is the loop that one writes by hand: what it has loaded is what it expects.
func reloads() {
	watch(&own)
	hold()
	reloadAndSwap(word)
	hold()
}

//go:noinline
func reloadAndSwap(word *unsafe.Pointer) {
	for !atomic.CompareAndSwapPointer(word, atomic.LoadPointer(word), unsafe.Pointer(&returned)) {
	}
}

// mended runs a loop of our own in which the compare-and-swap fails.
func mended() {
	watch(&own)
	hold()
	mendedLoop((*uintptr)(unsafe.Pointer(word)), 7, 8, 3)
	hold()
}

// Tried is what became of one call of a loop.
type Tried struct {
	Loop    string `json:"loop"`
	Holds   string `json:"holds"`
	Tries   int    `json:"tries"`
	Swapped bool   `json:"swapped"`
}

// loops tries the two loops on words that hold the expected value, another one, and their own address.
func loops() {
	const old, new, most = 7, 8, 1000
	tried := []Tried{}
	for _, loop := range []struct {
		name string
		run  func(word *uintptr, old, new uintptr, most int) int
	}{{"listed", listedLoop}, {"mended", mendedLoop}} {
		at := func(holds string, value uintptr) {
			word := value
			if holds == "its own address" {
				word = uintptr(unsafe.Pointer(&word))
			}
			tries := loop.run(&word, old, new, most)
			tried = append(tried, Tried{loop.name, holds, tries, word == new})
		}
		at("the expected value", old)
		at("another value", 9)
		at("its own address", 0)
	}
	if err := json.NewEncoder(os.Stdout).Encode(tried); err != nil {
		panic(err)
	}
}
