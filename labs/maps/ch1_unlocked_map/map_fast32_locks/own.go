// A hash table of our own. Its lookup hashes the key, locates the slot and probes linearly, and does nothing else; the
// other function is what an atomic instruction looks like.
// To be seen: what the machine code of such functions calls and locks.
package main

import "sync/atomic"

type slot struct {
	key   int32
	used  bool
	value int
}

type table struct {
	writing uint8
	slots   [256]slot
}

var (
	own     table
	lookups int32
)

// home spreads the keys by Fibonacci hashing (Knuth, The Art of Computer Programming, volume 3, 6.4).
func home(key int32) uint32 { return uint32(key) * 0x9E3779B1 >> 24 }

// put marks the table as being written, as the runtime marks its maps.
func (t *table) put(key int32, value int) {
	t.writing ^= 1
	i := home(key)
	for t.slots[i&255].used && t.slots[i&255].key != key {
		i++
	}
	t.slots[i&255] = slot{key, true, value}
	t.writing ^= 1
}

//go:noinline
func (t *table) get(key int32) int {
	for i := home(key); ; i++ {
		found := &t.slots[i&255]
		if !found.used {
			return 0
		}
		if found.key == key {
			return found.value
		}
	}
}

//go:noinline
func lookOwn(key int) int {
	countLookup(1)
	return own.get(int32(key))
}

//go:noinline
func countLookup(n int32) int32 { return atomic.AddInt32(&lookups, n) }
