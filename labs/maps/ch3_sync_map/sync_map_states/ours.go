// Two maps of ours with sync.Map's fields: one does what the article says, the other the contrary.
package main

import (
	"sync"
	"sync/atomic"
)

type slot struct{ p atomic.Pointer[any] }

func newSlot(value any) *slot {
	s := &slot{}
	s.p.Store(&value)
	return s
}

func (s *slot) value() (any, bool) {
	if s == nil {
		return nil, false
	}
	return *s.p.Load(), true
}

type readOnly struct {
	m       map[any]*slot
	amended bool
}

func copyOf(m map[any]*slot) map[any]*slot {
	copied := make(map[any]*slot, len(m))
	for key, s := range m {
		copied[key] = s
	}
	return copied
}

// told serves every Load from its read map, unless that is nil; takes every write in its dirty map, which is always there;
// switches without a lock; and is amended, after a Load that missed and a write, for as long as dirty has more keys.
type told struct {
	mu     sync.Mutex
	read   atomic.Pointer[readOnly]
	dirty  map[any]*slot
	misses int
	missed bool
}

func newTold() *told { return &told{dirty: map[any]*slot{}} }

func (m *told) Load(key any) (any, bool) {
	read := m.read.Load()
	if read == nil || read.m == nil {
		m.mu.Lock()
		defer m.mu.Unlock()
		return m.dirty[key].value()
	}
	s, ok := read.m[key]
	m.missed = m.missed || !ok
	return s.value()
}

func (m *told) Store(key, value any) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.dirty[key] = newSlot(value)
	m.mark(m.missed)
}

func (m *told) Delete(key any) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.dirty, key)
	m.mark(false)
}

// mark brings amended up to date; it is set only if it may be.
func (m *told) mark(may bool) {
	read := m.read.Load()
	if read == nil || read.m == nil {
		return
	}
	more := false
	for key := range m.dirty {
		_, ok := read.m[key]
		more = more || !ok
	}
	if more != read.amended && (may || !more) {
		m.read.Store(&readOnly{read.m, more})
		m.missed = false
	}
}

func (m *told) Range(f func(key, value any) bool) {
	read := &readOnly{m: copyOf(m.dirty)}
	m.read.Store(read)
	m.missed = false
	for key, s := range read.m {
		if value, _ := s.value(); !f(key, value) {
			return
		}
	}
}

// opposite switches by a plain assignment, and is amended by a write to a key that its read map has.
type opposite struct {
	mu     sync.Mutex
	read   *readOnly
	dirty  map[any]*slot
	misses int
}

func newOpposite() *opposite { return &opposite{dirty: map[any]*slot{}} }

func (m *opposite) Load(key any) (any, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.dirty[key].value()
}

func (m *opposite) Store(key, value any) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.dirty[key] = newSlot(value)
	if m.read == nil {
		return
	}
	if _, ok := m.read.m[key]; ok {
		m.read = &readOnly{m.read.m, true}
	}
}

func (m *opposite) Delete(key any) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.dirty, key)
}

func (m *opposite) Range(f func(key, value any) bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.read = &readOnly{m: copyOf(m.dirty)}
	for key, s := range m.read.m {
		if value, _ := s.value(); !f(key, value) {
			return
		}
	}
}
