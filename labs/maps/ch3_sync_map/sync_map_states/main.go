// Does fixed sequences of operations on a sync.Map and on two maps of ours, and reads the maps' fields after each. To be
// seen: the keys of the two maps, amended, misses, what entries hold, which operations wait for the mutex. With "report"
// the program reads itself and prints JSON; with "hold MAP SCENARIO" it stops between the operations for a debugger.
package main

import (
	"encoding/json"
	"os"
	"reflect"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
)

// The maps are package variables so that a debugger can name them.
var (
	shared   sync.Map
	asTold   = told{dirty: map[any]*slot{}}
	contrary = opposite{dirty: map[any]*slot{}}
)

// entries are where the entries of keys a to f lie, for the debugger; nil for keys that neither map has.
var entries [len(letters)]*slot

const letters = "abcdef"

// scenarios are sequences of operations, each with its key.
var scenarios = map[string]string{
	// Every state that normal use comes to.
	"tour": `Load a, Store a, Store b, Store c, Load a, Load x, Load b, Range, Load a, Load x, Store a, Delete b, Load b,
		Store d, Delete d, Store b, Store d, Store d, Load d, LoadOrStore d, CompareAndSwap d, Store e, Range,
		Swap f, LoadAndDelete f, CompareAndDelete x, Clear`,
	// For the maps of ours.
	"short": `Store a, Store b, Range, Load a, Load x, Store a, Range, Load x, Store d, Load d, Delete d, Range, Store e`,
	// A read pointer that is nil: before the first Store, and with a dirty map beside it, which has to be forged.
	"nil": `Load a, Store a, Store b, Load a, forge nil, Load a, Store a, Delete a, Load b, forge empty, Load b`,
}

type single struct {
	mu sync.Mutex
	m  map[any]any
}

type described struct {
	mu   sync.Mutex
	read atomic.Value
}

var (
	one   = single{m: map[any]any{}}
	wraps described
)

//go:noinline
func hold() {}

func main() {
	debug.SetGCPercent(-1) // no address is used twice
	one.m[0] = 0
	wraps.read.Store(readOnly{})
	if len(os.Args) == 4 {
		stopBetween(os.Args[2], os.Args[3])
		return
	}
	if json.NewEncoder(os.Stdout).Encode(look()) != nil {
		os.Exit(1)
	}
}

func operations(scenario string) []string {
	found := strings.Split(scenarios[scenario], ",")
	for i := range found {
		found[i] = strings.TrimSpace(found[i])
	}
	return found
}

// subjects are the maps that a scenario can be done on.
func subjects() map[string]any {
	return map[string]any{"shared": &shared, "asTold": &asTold, "contrary": &contrary}
}

func stopBetween(name, scenario string) {
	s, ok := open(subjects()[name])
	if !ok {
		return
	}
	s.noteEntries()
	hold()
	for i, text := range operations(scenario) {
		s.do(text, i+1)
		s.noteEntries()
		hold()
	}
}

type step struct {
	Operation string
	Waited    bool // for the mutex, which was locked when it began
	Answer    string
	After     state
}

type structure struct {
	Name   string
	Fields [][2]string // name and type
	Held   string      // the type of what an atomic.Value in the field read holds
}

type report struct {
	Structures []structure
	HasFields  bool // sync.Map has the fields of the state machine
	Scenarios  map[string]map[string][]step
	Probes     []probe
	Assigned   map[string]string // by map: what came of an assignment to its dirty map, in the clean state
}

func look() report {
	seen := report{Scenarios: map[string]map[string][]step{}, Assigned: map[string]string{}}
	for _, pointer := range []any{&shared, &asTold, &one, &wraps} {
		seen.Structures = append(seen.Structures, structureOf(reflect.ValueOf(pointer).Elem()))
	}
	_, seen.HasFields = open(new(sync.Map))
	for name := range subjects() {
		seen.Scenarios[name] = map[string][]step{}
		for scenario := range scenarios {
			seen.Scenarios[name][scenario] = walk(name, scenario)
		}
	}
	if seen.HasFields {
		seen.Probes = probes()
		seen.Assigned["shared"] = prepared(new(sync.Map), "clean").assign("z")
	}
	seen.Assigned["asTold"] = prepared(newTold(), "clean").assign("z")
	return seen
}

func walk(name, scenario string) []step {
	fresh := map[string]any{"shared": new(sync.Map), "asTold": newTold(), "contrary": newOpposite()}
	s, ok := open(fresh[name])
	if !ok {
		return []step{}
	}
	steps := []step{{"", false, "", s.state()}}
	for i, text := range operations(scenario) {
		waited, answer := s.waits(func() string { return s.do(text, i+1) })
		steps = append(steps, step{text, waited, answer, s.state()})
	}
	return steps
}

func structureOf(v reflect.Value) structure {
	t := v.Type()
	seen := structure{Name: t.String()}
	for i := 0; i < t.NumField(); i++ {
		seen.Fields = append(seen.Fields, [2]string{t.Field(i).Name, t.Field(i).Type.String()})
	}
	if t == reflect.TypeOf(wraps) {
		seen.Held = reflect.TypeOf(wraps.read.Load()).String()
	}
	if read, ok := readType(t); ok {
		for i := 0; i < read.NumField(); i++ {
			seen.Fields = append(seen.Fields, [2]string{"read → " + read.Field(i).Name, read.Field(i).Type.String()})
		}
	}
	return seen
}
