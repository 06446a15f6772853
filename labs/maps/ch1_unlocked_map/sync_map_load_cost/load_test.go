// Two cores that do nothing but Load from a sync.Map. To be seen: whether a Load takes longer when the other core loads
// from the same map, whose words share a cache line, than when it loads from a map far away. Beside that two cores that
// count: in words of one cache line, and in words of two.
package main

import (
	"sync"
	"sync/atomic"
	"testing"
)

const keys = 64 // a power of two

// present are the keys of every map. All are looked up in turn: how long one takes depends on where it lies.
var present [keys]any

// far is more than any unit in which processors share memory: 64 bytes a cache line, 128 where they fetch two.
const far = 4096

var maps [2]struct {
	sync.Map
	_ [far]byte
}

// fill leaves the map with its entries where lookups find them without a mutex: as it is after many Loads.
func fill(m *sync.Map) {
	for i := range present {
		present[i] = i
		m.Store(i, i)
	}
	for i := 0; i < 4*keys; i++ {
		m.Load(present[i%keys])
	}
}

var found [2]struct {
	count int
	_     [far]byte
}

// load looks up keys that are there.
func load(m *sync.Map, who int) func(n int) {
	return func(n int) {
		hits := 0
		for i := 0; i < n; i++ {
			if _, ok := m.Load(present[i%keys]); ok {
				hits++
			}
		}
		found[who].count += hits
	}
}

func BenchmarkLoads(b *testing.B) {
	fill(&maps[0].Map)
	fill(&maps[1].Map)
	first, second, away := load(&maps[0].Map, 0), load(&maps[0].Map, 1), load(&maps[1].Map, 1)
	compare(b,
		arrangement{"one-core", []func(int){first}},
		arrangement{"one-map", []func(int){first, second}},
		arrangement{"two-maps", []func(int){first, away}},
	)
}

// counters begins a cache line, as all large objects of the heap do.
type counters struct {
	first, beside atomic.Int64
	_             [far]byte
	away          atomic.Int64
	_             [far]byte
}

func count(counter *atomic.Int64) func(n int) {
	return func(n int) {
		for i := 0; i < n; i++ {
			counter.Add(1)
		}
	}
}

func BenchmarkCounts(b *testing.B) {
	c := new(counters)
	compare(b,
		arrangement{"one-line", []func(int){count(&c.first), count(&c.beside)}},
		arrangement{"two-lines", []func(int){count(&c.first), count(&c.away)}},
	)
}
