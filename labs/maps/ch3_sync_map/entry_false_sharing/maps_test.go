// One core Loads a key of a sync.Map, the other one Stores another key of the same map. To be seen: whether it matters
// to the Load that the two keys' entries lie in one cache line.
package main

import (
	"reflect"
	"sync"
	"testing"
	"unsafe"
)

const (
	keys     = 512
	lineSize = 64
	apart    = 1024
)

var (
	shared  sync.Map
	present [keys]any
	value   any = "value"
)

// place tells where a key's entry lies, and the node of the tree that leads to it; 0 where the map is no tree.
type place struct{ entry, node uintptr }

func (p place) shareLine(other place) bool { return p.entry/lineSize == other.entry/lineSize }

func (p place) farFrom(other place) bool {
	return p.entry > other.entry+apart || other.entry > p.entry+apart
}

// fill leaves the map with its entries where lookups find them without a mutex: as it is after many Loads.
func fill(m *sync.Map) {
	for i := range present {
		present[i] = i
		m.Store(present[i], value)
	}
	for i := 0; i < 4*keys; i++ {
		m.Load(present[i%keys])
	}
}

// pointer gives what a field of the type atomic.Pointer[T] holds, and T. Such a struct begins with a field of type [0]*T
// (sync/atomic/type.go).
func pointer(field reflect.Value) (unsafe.Pointer, reflect.Type) {
	word := (*unsafe.Pointer)(unsafe.Pointer(field.FieldByName("v").UnsafeAddr()))
	return *word, field.Type().Field(0).Type.Elem().Elem()
}

// places finds the entries of the keys, which are ints: in the map of sync.Map's field `read`, or in the tree that it is
// since Go 1.24 (internal/sync/hashtriemap.go).
func places(m *sync.Map) map[int]place {
	found := map[int]place{}
	whole := reflect.ValueOf(m).Elem()
	if read := whole.FieldByName("read"); read.IsValid() {
		address, target := pointer(read)
		entries := reflect.NewAt(target, address).Elem().FieldByName("m").MapRange()
		for entries.Next() {
			found[int(entries.Key().Elem().Int())] = place{entry: entries.Value().Pointer()}
		}
		return found
	}
	address, inner := pointer(whole.FieldByName("m").FieldByName("root"))
	walk(address, inner, found)
	return found
}

// walk adds what lies below an inner node. Every node begins with the word that says whether it is an entry; in an entry
// the word of its successor follows, then the key.
func walk(address unsafe.Pointer, inner reflect.Type, found map[int]place) {
	children := reflect.NewAt(inner, address).Elem().FieldByName("children")
	for i := 0; i < children.Len(); i++ {
		child, _ := pointer(children.Index(i))
		switch {
		case child == nil:
		case *(*bool)(child):
			key := (*any)(unsafe.Add(child, 2*unsafe.Sizeof(uintptr(0))))
			found[(*key).(int)] = place{uintptr(child), uintptr(address)}
		default:
			walk(child, inner, found)
		}
	}
}

// among gives the first key whose place is as wanted; -1 if there is none.
func among(all map[int]place, wanted func(p place) bool) int {
	for key := 0; key < keys; key++ {
		if wanted(all[key]) {
			return key
		}
	}
	return -1
}

func load(m *sync.Map, key int) func(n int) {
	return func(n int) {
		for i := 0; i < n; i++ {
			m.Load(present[key])
		}
	}
}

func store(m *sync.Map, key int) func(n int) {
	return func(n int) {
		for i := 0; i < n; i++ {
			m.Store(present[key], value)
		}
	}
}

func BenchmarkMapEntries(b *testing.B) {
	fill(&shared)
	all := places(&shared)
	if len(all) != keys {
		b.Fatalf("%d entries of %d were found", len(all), keys)
	}
	var mine place
	var near, away, sibling int
	loaded := among(all, func(p place) bool {
		// In a tree all inner nodes are to be different: their words are written too.
		others := func(other place) bool { return other != p && (p.node == 0 || other.node != p.node) }
		near = among(all, func(other place) bool { return others(other) && p.shareLine(other) })
		away = among(all, func(other place) bool { return others(other) && p.farFrom(other) })
		sibling = among(all, func(other place) bool { return other.node == p.node && p.node != 0 && p.farFrom(other) })
		mine = p
		return near >= 0 && away >= 0 && (p.node == 0 || sibling >= 0)
	})
	if loaded < 0 {
		b.Fatal("no two entries share a line")
	}
	b.ReportMetric(float64(all[near].entry)-float64(mine.entry), "near-bytes")
	b.ReportMetric(float64(all[away].entry)-float64(mine.entry), "away-bytes")
	loads := load(&shared, loaded)
	arrangements := []arrangement{
		{"load-beside-near", []func(int){loads, store(&shared, near)}},
		{"load-beside-away", []func(int){loads, store(&shared, away)}},
	}
	if sibling >= 0 {
		arrangements = append(arrangements, arrangement{"load-beside-sibling", []func(int){loads, store(&shared, sibling)}})
	}
	compare(b, arrangements...)
}
