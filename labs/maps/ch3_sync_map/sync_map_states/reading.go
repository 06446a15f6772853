// The fields of a map with the state machine of sync.Map, read inside the process.
package main

import (
	"fmt"
	"reflect"
	"runtime"
	"sort"
	"sync"
	"sync/atomic"
	"unsafe"
)

// subject is a map whose fields are known by reflection; the addresses are those of its fields.
type subject struct {
	m       any
	mu      *sync.Mutex
	read    *unsafe.Pointer
	dirty   unsafe.Pointer
	misses  *int
	view    reflect.Type // of what read leads to
	mapAt   uintptr      // in it
	amendAt uintptr
	dirties reflect.Type
	numbers map[unsafe.Pointer]int // of the structs and maps seen, in order of appearance
	stored  map[string]any         // the last value of each key
}

type state struct {
	Read      int // the number of the struct that read leads to; 0 for nil
	ReadMap   int // the number of the map in it
	ReadKeys  [][2]string
	Amended   bool
	Dirty     int // the number of the dirty map; 0 for nil
	DirtyKeys [][2]string
	Same      int // keys of both maps that lead to the same entry
	Misses    int
}

// readType is the type that the field read leads to, whether it is a pointer or an atomic.Pointer.
func readType(t reflect.Type) (reflect.Type, bool) {
	field, ok := t.FieldByName("read")
	if !ok {
		return nil, false
	}
	if field.Type.Kind() == reflect.Pointer {
		return field.Type.Elem(), true
	}
	// Pointer[T] has a field of type [0]*T (sync/atomic/type.go).
	first := field.Type.Field(0).Type
	if first.Kind() != reflect.Array {
		return nil, false
	}
	return first.Elem().Elem(), true
}

// open finds the fields; ok is false for a map that has none of these names.
func open(m any) (s *subject, ok bool) {
	v := reflect.ValueOf(m).Elem()
	t := v.Type()
	view, ok := readType(t)
	if !ok {
		return nil, false
	}
	at := func(name string) unsafe.Pointer { return unsafe.Pointer(v.FieldByName(name).UnsafeAddr()) }
	inner, _ := view.FieldByName("m")
	amended, _ := view.FieldByName("amended")
	dirty, _ := t.FieldByName("dirty")
	return &subject{
		m:       m,
		mu:      (*sync.Mutex)(at("mu")),
		read:    (*unsafe.Pointer)(at("read")),
		dirty:   at("dirty"),
		misses:  (*int)(at("misses")),
		view:    view,
		mapAt:   inner.Offset,
		amendAt: amended.Offset,
		dirties: dirty.Type,
		numbers: map[unsafe.Pointer]int{nil: 0},
		stored:  map[string]any{},
	}, true
}

func (s *subject) number(p unsafe.Pointer) int {
	if _, known := s.numbers[p]; !known {
		s.numbers[p] = len(s.numbers)
	}
	return s.numbers[p]
}

// slots are the entries of the map that a word leads to.
func (s *subject) slots(word unsafe.Pointer) map[string]unsafe.Pointer {
	found := map[string]unsafe.Pointer{}
	if word == nil {
		return found
	}
	for all := reflect.NewAt(s.dirties, word).Elem().MapRange(); all.Next(); {
		found[all.Key().Interface().(string)] = all.Value().UnsafePointer()
	}
	return found
}

// readWord is where the map that read leads to is kept; nil if read is nil.
func (s *subject) readWord() unsafe.Pointer {
	if *s.read == nil {
		return nil
	}
	return unsafe.Add(*s.read, s.mapAt)
}

func (s *subject) state() state {
	seen := state{Read: s.number(*s.read), Misses: *s.misses}
	inner := s.readWord()
	if inner != nil {
		seen.ReadMap = s.number(*(*unsafe.Pointer)(inner))
		seen.Amended = *(*bool)(unsafe.Add(*s.read, s.amendAt))
	}
	seen.Dirty = s.number(*(*unsafe.Pointer)(s.dirty))
	read, dirty := s.slots(inner), s.slots(s.dirty)
	seen.ReadKeys, seen.DirtyKeys = held(read), held(dirty)
	for key, slot := range read {
		if slot == dirty[key] {
			seen.Same++
		}
	}
	return seen
}

// held is what entries hold, by key: "nil", "expunged", or the value. What is expunged holds a pointer to a nil
// interface (sync/map.go: expunged); the scenarios store no nil of their own.
func held(slots map[string]unsafe.Pointer) [][2]string {
	found := [][2]string{}
	for key, slot := range slots {
		value := *(**any)(slot)
		switch {
		case value == nil:
			found = append(found, [2]string{key, "nil"})
		case *value == nil:
			found = append(found, [2]string{key, "expunged"})
		default:
			found = append(found, [2]string{key, fmt.Sprint(*value)})
		}
	}
	sort.Slice(found, func(i, j int) bool { return found[i][0] < found[j][0] })
	return found
}

func (s *subject) noteEntries() {
	read, dirty := s.slots(s.readWord()), s.slots(s.dirty)
	for i, letter := range letters {
		at := read[string(letter)]
		if at == nil {
			at = dirty[string(letter)]
		}
		entries[i] = (*slot)(at)
	}
}

// waits does something while the map's mutex is locked, and tells whether it had to wait for it: the mutex counts those
// who wait for it above its three lowest bits (internal/sync/mutex.go).
func (s *subject) waits(do func() string) (waited bool, answer string) {
	state := (*int32)(unsafe.Pointer(s.mu))
	var over atomic.Bool
	done := make(chan struct{})
	s.mu.Lock()
	go func() {
		answer = do()
		over.Store(true)
		close(done)
	}()
	for !waited && !over.Load() {
		waited = atomic.LoadInt32(state)>>3 > 0
		runtime.Gosched()
	}
	s.mu.Unlock()
	<-done
	return waited, answer
}
