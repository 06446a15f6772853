// Keeps a heap of small objects and collects it again and again. To be seen: how much processor time one collection takes.
// It prints that as a benchmark does, and needs no package testing, so that little has to be compiled.
package main

import (
	"os"
	"runtime"
	"strconv"
	"strings"
	"syscall"
)

const (
	objects     = 1 << 18
	collections = 2
)

type node struct {
	left, right *node
	n           [2]int
}

var root *node

// fillers of the heap, by the name of the benchmark.
var fillers = map[string]func(){"Tree": tree, "List": list, "Wide": wide}

func main() {
	for name, fill := range fillers {
		if strings.Contains(strings.Join(os.Args, " "), "Benchmark"+name) {
			fill()
			runtime.GC()
			begin()
			before := spent()
			for i := 0; i < collections; i++ {
				runtime.GC()
			}
			each := (spent() - before) / collections
			end()
			os.Stdout.WriteString("Benchmark" + name + " " + strconv.Itoa(collections) + " " + strconv.FormatInt(each, 10) + " ns/op\n")
		}
	}
	runtime.KeepAlive(root)
}

// A debugger stops here.
//
//go:noinline
func begin() { root.n[0]++ }

//go:noinline
func end() { root.n[1]++ }

// spent is the processor time of the process in ns.
func spent() int64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return usage.Utime.Nano() + usage.Stime.Nano()
}

// tree is made from its root downwards, one side after the other.
func tree() { root = grown(17) }

func grown(deep int) *node {
	one := &node{}
	if deep > 0 {
		one.left, one.right = grown(deep-1), grown(deep-1)
	}
	return one
}

// list goes from one object to another that lies elsewhere.
func list() {
	for _, one := range shuffled() {
		one.left, root = root, one
	}
}

// wide is a tree over objects in an order that has nothing to do with where they lie.
func wide() {
	all := shuffled()
	for i, one := range all {
		if 2*i+2 < len(all) {
			one.left, one.right = all[2*i+1], all[2*i+2]
		}
	}
	root = all[0]
}

func shuffled() []*node {
	all := make([]*node, objects)
	for i := range all {
		all[i] = &node{}
	}
	seed := uint64(1)
	for i := len(all) - 1; i > 0; i-- {
		seed = seed*6364136223846793005 + 1442695040888963407
		j := int((seed >> 33) % uint64(i+1))
		all[i], all[j] = all[j], all[i]
	}
	return all
}
