// Gives objects finalizers, or nothing, and drops them. To be seen: which finalizers run, and after how many
// collections the memory is back. What a release has besides stands in the folder beside this file.
package main

import (
	"encoding/json"
	"os"
	"runtime"
	"sync/atomic"
	"time"
)

const (
	rings       = 200
	collections = 6
	payload     = 4096
)

// node is an object with a reference, and a field in its middle.
type node struct {
	next  *node
	bytes *[payload]byte
	inner [2]int64
}

// way is what came of one manner of attaching something to an object.
type way struct {
	Attached int64
	// After each collection: the calls made so far, and how many payloads were still on the heap.
	Called []int64
	Left   []int64
}

var (
	called   atomic.Int64
	attached int64
)

// attach attaches something to a node, by the name that the process is given.
var attach = map[string]func(*node){
	"nothing":             func(*node) {},
	"finalizer":           finalizer,
	"finalizer to inside": func(n *node) { runtime.SetFinalizer(&n.inner, func(*[2]int64) { called.Add(1) }) },
	"three finalizers":    func(n *node) { finalizer(n); finalizer(n); finalizer(n) },
}

func finalizer(n *node) {
	attached++
	runtime.SetFinalizer(n, func(*node) { called.Add(1) })
}

func main() {
	ring := map[string]int{"1": 1, "2": 2, "10": 10}[os.Args[2]]
	before := live()
	for i := 0; i < rings; i++ {
		build(ring, attach[os.Args[1]])
	}
	var seen way
	for i := 0; i < collections; i++ {
		runtime.GC()
		time.Sleep(20 * time.Millisecond) // for the goroutine that calls
		seen.Called = append(seen.Called, called.Load())
		seen.Left = append(seen.Left, (live()-before+payload/2)/payload)
	}
	seen.Attached = attached
	json.NewEncoder(os.Stdout).Encode(seen)
}

// build makes a ring of so many nodes. A ring of one is a node that refers to its payload only.
//
//go:noinline
func build(ring int, attach func(*node)) {
	nodes := make([]*node, ring)
	for at := range nodes {
		nodes[at] = &node{bytes: new([payload]byte)}
	}
	for at, one := range nodes {
		if ring > 1 {
			one.next = nodes[(at+1)%ring]
		}
		attach(one)
	}
}

// live counts the bytes that the last collection left, and what was allocated since.
func live() int64 {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}
