// Prints, as one line of JSON, the fields of sync.Map and of structs of ours as reflection sees them, and on which
// cache lines the fields `mu` and `read` lie of many values on the heap. To be seen: types, offsets, shared lines.
package main

import (
	"encoding/json"
	"os"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"unsafe"
)

type readOnly struct{ m map[interface{}]interface{} }

// described is what the article says of sync.Map.
type described struct {
	mu   sync.Mutex
	read atomic.Value
}

// padded keeps the two fields apart.
type padded struct {
	mu   sync.Mutex
	_    [56]byte
	read atomic.Value
}

// turned has them the other way round.
type turned struct {
	read atomic.Value
	mu   sync.Mutex
}

type field struct {
	Name, Type   string
	Offset, Size uintptr
}

type layout struct {
	Name     string
	Size     uintptr
	Fields   []field
	Held     string // the type of what an atomic.Value in the field read holds
	Objects  int    // of this type on the heap
	SameLine int    // of which mu and read begin on one cache line
	Starts   []int  // where in a line the objects begin
}

const objects = 1000

var (
	shared sync.Map
	ours   described
	apart  padded
	back   turned
	kept   []interface{}
)

func main() {
	for i := 0; i < 100; i++ { // enough lookups that miss for the map to have a read map, if it has one at all
		shared.Store(i, i)
		shared.Load(i)
	}
	ours.read.Store(readOnly{})
	apart.read.Store(readOnly{})
	back.read.Store(readOnly{})
	report := struct {
		LineBytes int
		Layouts   []layout
	}{LineBytes: lineBytes()}
	for _, pointer := range []interface{}{&shared, &ours, &apart, &back} {
		report.Layouts = append(report.Layouts, look(reflect.ValueOf(pointer).Elem(), report.LineBytes))
	}
	if json.NewEncoder(os.Stdout).Encode(report) != nil {
		os.Exit(1)
	}
}

func look(v reflect.Value, line int) layout {
	t := v.Type()
	seen := layout{Name: t.String(), Size: t.Size()}
	for i := 0; i < t.NumField(); i++ {
		f := t.Field(i)
		seen.Fields = append(seen.Fields, field{f.Name, f.Type.String(), f.Offset, f.Type.Size()})
		if f.Name == "read" && f.Type == reflect.TypeOf(atomic.Value{}) {
			seen.Held = reflect.TypeOf((*atomic.Value)(unsafe.Pointer(v.Field(i).UnsafeAddr())).Load()).String()
		}
	}
	seen.Objects, seen.SameLine, seen.Starts = onHeap(t, uintptr(line))
	return seen
}

// onHeap makes many values and looks at the addresses of their fields.
func onHeap(t reflect.Type, line uintptr) (made, same int, starts []int) {
	mu, hasMu := t.FieldByName("mu")
	read, hasRead := t.FieldByName("read")
	if !hasMu || !hasRead {
		return 0, 0, nil
	}
	at := map[uintptr]bool{}
	for ; made < objects; made++ {
		pointer := reflect.New(t)
		kept = append(kept, pointer.Interface())
		start := pointer.Pointer()
		at[start%line] = true
		if (start+mu.Offset)/line == (start+read.Offset)/line {
			same++
		}
	}
	for start := uintptr(0); start < line; start++ {
		if at[start] {
			starts = append(starts, int(start))
		}
	}
	return made, same, starts
}

// lineBytes is the size of a cache line as the kernel has it from the processor; 64 if it does not say, as in some
// virtual machines.
func lineBytes() int {
	text, _ := os.ReadFile("/sys/devices/system/cpu/cpu0/cache/index0/coherency_line_size")
	if size, _ := strconv.Atoi(strings.TrimSpace(string(text))); size > 0 {
		return size
	}
	return 64
}
