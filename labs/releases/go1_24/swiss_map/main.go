// Fills a small map and reads what its header leads to. To be seen: what stands in the first eight bytes there, one for
// each slot, and how keys and values lie behind them. Two imitations are read in the same way.
package main

import (
	"encoding/json"
	"os"
	"unsafe"
)

const (
	entries = 5
	slots   = 8
	key     = 1000
	value   = 2000
)

// header begins as the header of a map does in every release: what its third word leads to holds the slots of a map
// that has never grown.
type header struct {
	_     [2]uint64
	slots *words
}

type words struct {
	Control [slots]byte
	Words   [2 * slots]uint64
}

// read is one map.
type read struct {
	Label   string
	Entries int
	// As numbers, since JSON would make a string of bytes.
	Control []int
	Words   []uint64
}

func main() {
	looked := make(map[uint64]uint64)
	for i := uint64(0); i < entries; i++ {
		looked[key+i] = value + i
	}
	json.NewEncoder(os.Stdout).Encode([]read{
		look("map", *(**header)(unsafe.Pointer(&looked))),
		look("groups", &header{slots: imitated(0x80, func(slot int) (int, int) { return 2 * slot, 2*slot + 1 })}),
		look("buckets", &header{slots: imitated(0, func(slot int) (int, int) { return slot, slots + slot })}),
	})
	if len(looked) != entries {
		panic("the map is not what it was")
	}
}

// imitated has so many slots filled, with another byte for each that is empty.
func imitated(empty byte, place func(slot int) (int, int)) *words {
	made := new(words)
	for slot := range made.Control {
		made.Control[slot] = empty
		if slot < entries {
			k, v := place(slot)
			made.Control[slot] = byte(0x11 * (slot + 1))
			made.Words[k], made.Words[v] = key+uint64(slot), value+uint64(slot)
		}
	}
	return made
}

func look(label string, at *header) read {
	found := read{Label: label, Entries: entries, Words: at.slots.Words[:]}
	for _, one := range at.slots.Control {
		found.Control = append(found.Control, int(one))
	}
	return found
}
