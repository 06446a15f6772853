// Operations by name.
package main

import (
	"fmt"
	"reflect"
	"strings"
	"sync"
	"unsafe"
)

const missing = "no such method"

// do does one operation, such as "Store a"; what it stores is the number of the step.
func (s *subject) do(text string, number int) (answer string) {
	name, key, _ := strings.Cut(text, " ")
	switch name {
	case "forge":
		s.forge(key)
		return ""
	case "Load":
		return either("found", "absent")(s.m.(interface{ Load(any) (any, bool) }).Load(key))
	case "Store":
		s.m.(interface{ Store(any, any) }).Store(key, number)
		s.stored[key] = number
		return ""
	case "Delete":
		s.m.(interface{ Delete(any) }).Delete(key)
		return ""
	case "Range":
		visited := 0
		s.m.(interface{ Range(func(any, any) bool) }).Range(func(any, any) bool { visited++; return true })
		return fmt.Sprintf("visited %d", visited)
	}
	return s.doMore(name, key, number)
}

// doMore does what only sync.Map can, in some releases.
func (s *subject) doMore(name, key string, number int) string {
	if name == "Clear" {
		m, ok := s.m.(interface{ Clear() })
		if !ok {
			return missing
		}
		m.Clear()
		return ""
	}
	m, ok := s.m.(*sync.Map)
	if !ok {
		return missing
	}
	switch name {
	case "LoadOrStore":
		value, loaded := m.LoadOrStore(key, number)
		s.stored[key] = value
		return either("loaded", "stored")(value, loaded)
	case "Swap":
		previous, loaded := m.Swap(key, number)
		s.stored[key] = number
		return either("swapped for", "stored")(previous, loaded)
	case "LoadAndDelete":
		return either("deleted", "absent")(m.LoadAndDelete(key))
	case "CompareAndSwap":
		if !m.CompareAndSwap(key, s.stored[key], number) {
			return "not swapped"
		}
		s.stored[key] = number
		return "swapped"
	case "CompareAndDelete":
		if !m.CompareAndDelete(key, s.stored[key]) {
			return "not deleted"
		}
		return "deleted"
	}
	panic("there is no operation " + name)
}

func either(yes, no string) func(value any, ok bool) string {
	return func(value any, ok bool) string {
		if ok {
			return fmt.Sprintf("%s %v", yes, value)
		}
		return no
	}
}

// forge gives the map a state that no operation leads to: the read pointer is nil, or leads to a struct of zeros, beside
// a dirty map.
func (s *subject) forge(what string) {
	*s.read = nil
	if what == "empty" {
		*s.read = unsafe.Pointer(reflect.New(s.view).Pointer())
	}
}

// probe is one operation in a state made anew: read has a and b; in the amended state dirty has c and d besides.
type probe struct {
	From, Operation, Place string // where the key is: "read", "dirty" for the dirty map alone, "neither"
	Waited                 bool   // for the mutex
	Answer                 string
	Before, After          state
}

func probes() []probe {
	places := map[string]string{"a": "read", "c": "dirty", "x": "neither", "": ""}
	var found []probe
	for _, named := range []string{"clean", "amended"} {
		for _, name := range []string{
			"Load", "Store", "LoadOrStore", "Swap", "Delete", "LoadAndDelete", "CompareAndSwap", "CompareAndDelete",
			"Range", "Clear",
		} {
			keys := []string{"a", "c", "x"}
			if named == "clean" {
				keys = []string{"a", "x"}
			}
			if name == "Range" || name == "Clear" {
				keys = []string{""}
			}
			for _, key := range keys {
				s := prepared(new(sync.Map), named)
				seen := probe{From: named, Operation: name, Place: places[key], Before: s.state()}
				seen.Waited, seen.Answer = s.waits(func() string { return s.do(name+" "+key, 9) })
				if seen.Answer == missing {
					continue
				}
				seen.After = s.state()
				found = append(found, seen)
			}
		}
	}
	return found
}

func prepared(m any, named string) *subject {
	s, _ := open(m)
	for i, text := range []string{"Store a", "Store b", "Range", "Store c", "Store d"} {
		if i < 3 || named == "amended" {
			s.do(text, i+1)
		}
	}
	return s
}

// assign assigns to the dirty map itself, as a method would that held the mutex, and tells what came of it.
func (s *subject) assign(key string) (answer string) {
	defer func() {
		if problem := recover(); problem != nil {
			answer = fmt.Sprint(problem)
		}
	}()
	dirty := reflect.NewAt(s.dirties, s.dirty).Elem()
	dirty.SetMapIndex(reflect.ValueOf(key), reflect.New(s.dirties.Elem().Elem()))
	return "assigned"
}
