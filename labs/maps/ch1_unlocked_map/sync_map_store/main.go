// Each word on the command line is one small experiment on a sync.Map; a debugger, the race detector or a counter looks
// on. To be seen: which instructions touch the map's own words, and what two goroutines may do without a lock.
package main

import (
	"os"
	"runtime/debug"
	"sync"
	"unsafe"
)

const (
	keys  = 64
	loads = 20000
	few   = 3
)

// shared is the map under test. It is a package variable so that a debugger can name it.
var shared sync.Map

func main() {
	experiments := map[string]func(){
		"stores":     stores,
		"plain":      plainStores,
		"hits":       hits,
		"few-hits":   fewHits,
		"overwrites": overwrites,
		"misses":     misses,
		"clean":      cleanMisses,
		"guarded":    guardedLoads,
		"through":    changeThrough,
		"replaced":   replaceWhole,
		"existing":   loadAndStoreExisting,
		"frequent":   loadFrequently,
		"ordinary":   loadOrdinary,
	}
	experiments[os.Args[1]]()
}

// hold is where a debugger stops the program; it does nothing.
//
//go:noinline
func hold() {}

// fill leaves the map with its entries where lookups find them without the mutex: after as many misses as there are
// entries, the map that took the writes becomes the one that is read (sync/map.go: missLocked).
func fill(m *sync.Map) {
	for i := 0; i < keys; i++ {
		m.Store(i, i)
	}
	for i := 0; i < 2*keys; i++ {
		m.Load(i % keys)
	}
}

// prepare fills the map and switches the collector off, which would read the map's words as well.
func prepare() {
	inner = size // keeps both in the binary
	debug.SetGCPercent(-1)
	fill(&shared)
}

var (
	size = unsafe.Sizeof(shared)
	// inner is the address of the map that the field read leads to; of something else if there is no such field.
	inner uintptr
)

// stores stores a new key, a present one, and a new one again.
func stores() {
	prepare()
	inner = innerMap(&shared)
	hold()
	shared.Store(keys, "new")
	shared.Store(0, "present")
	shared.Store(keys+1, "new")
	hold()
}

// plain is a pointer that its program reads and writes like any other.
var plain *int

//go:noinline
func setPlain(p *int) *int {
	old := plain
	plain = p
	return old
}

func plainStores() {
	prepare()
	hold()
	for i := 0; i < few; i++ {
		setPlain(new(int))
	}
	hold()
}

func hits() {
	prepare()
	hold()
	for i := 0; i < loads; i++ {
		shared.Load(i % keys)
	}
	hold()
}

func fewHits() {
	prepare()
	hold()
	for i := 0; i < few; i++ {
		shared.Load(i)
	}
	hold()
}

// overwrites loads and stores keys that are there.
func overwrites() {
	prepare()
	hold()
	for i := 0; i < loads; i++ {
		shared.Load(i % keys)
		shared.Store(i%keys, "present")
	}
	hold()
}

// misses looks for a key that is not there, while the map has keys that a lookup finds only with the mutex.
func misses() {
	prepare()
	for i := 0; i < keys; i++ {
		shared.Store(keys+i, "new")
	}
	hold()
	for i := 0; i < few; i++ {
		shared.Load("absent")
	}
	hold()
}

// cleanMisses looks for a key that is not there, while a lookup finds all keys of the map without the mutex.
func cleanMisses() {
	prepare()
	hold()
	for i := 0; i < few; i++ {
		shared.Load("absent")
	}
	hold()
}

// guarded is a map with its mutex beside it, which every lookup takes.
var guarded struct {
	mu   sync.Mutex
	read *map[any]any
}

func guardedLoads() {
	prepare()
	m := map[any]any{}
	for i := 0; i < keys; i++ {
		m[i] = i
	}
	guarded.read = &m
	hold()
	for i := 0; i < loads; i++ {
		guardedLoad(i % keys)
	}
	hold()
}

//go:noinline
func guardedLoad(key any) any {
	guarded.mu.Lock()
	defer guarded.mu.Unlock()
	return (*guarded.read)[key]
}
