// Ranges over a sync.Map with a callback that captures nothing. To be seen: whether a call allocates.
package reports

import (
	"sync"
	"testing"
)

var visited int

func visit(key, value any) bool {
	visited++
	return true
}

func BenchmarkRange(b *testing.B) {
	var m sync.Map
	for i := 0; i < 100; i++ {
		m.Store(i, i)
	}
	m.Range(visit) // it moves what was stored to where reads find it
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		m.Range(visit)
	}
}
