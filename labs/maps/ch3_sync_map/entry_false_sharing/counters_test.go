// Two cores that work on an entry each, which they reach through a pointer of their own. To be seen: how long one
// operation takes when the two entries lie in one cache line, and when each has a line of its own.
package main

import (
	"sync/atomic"
	"testing"
)

// far is more than any unit in which processors share memory: 64 bytes a cache line, 128 where they fetch two.
const far = 4096

type entry struct {
	counter uint64
}

// entries begins a cache line, as all large objects of the heap do.
type entries struct {
	first, beside entry
	_             [far]byte
	away          entry
	_             [far]byte
}

func increment(e *entry) func(n int) {
	return func(n int) {
		for i := 0; i < n; i++ {
			e.counter++
		}
	}
}

func add(e *entry) func(n int) {
	return func(n int) {
		for i := 0; i < n; i++ {
			atomic.AddUint64(&e.counter, 1)
		}
	}
}

// swap counts by compare-and-swap. Nobody else writes the entry, so none fails.
func swap(e *entry) func(n int) {
	return func(n int) {
		for i := 0; i < n; i++ {
			old := atomic.LoadUint64(&e.counter)
			atomic.CompareAndSwapUint64(&e.counter, old, old+1)
		}
	}
}

func read(e *entry) func(n int) {
	return func(n int) {
		for i := 0; i < n; i++ {
			atomic.LoadUint64(&e.counter)
		}
	}
}

func BenchmarkCounters(b *testing.B) {
	e := new(entries)
	var all []arrangement
	for _, operation := range []struct {
		name string
		on   func(e *entry) func(n int)
	}{{"increment", increment}, {"add", add}, {"swap", swap}, {"read", read}} {
		first, beside, away := operation.on(&e.first), operation.on(&e.beside), operation.on(&e.away)
		all = append(all,
			arrangement{operation.name + "-one-line", []func(int){first, beside}},
			arrangement{operation.name + "-two-lines", []func(int){first, away}},
		)
	}
	compare(b, all...)
}
