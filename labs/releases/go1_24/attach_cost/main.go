// Attaches finalizers to many objects, or nothing, and prints what one takes, as a benchmark does: time, the best of
// several times, and bytes of memory. All manners have their turns in one process, so that what slows it down slows all
// of them. It needs no package testing, so that little has to be compiled.
package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"time"
)

const (
	objects = 50_000
	times   = 5
)

type object struct {
	next *object
	text [6]int64
}

// manner is one way to attach something to an object, and what it took.
type manner struct {
	name   string
	attach func(*object)
	ns     int64
	bytes  int64
}

var manners = []*manner{
	{name: "nothing", attach: func(*object) {}},
	{name: "finalizer", attach: func(o *object) { runtime.SetFinalizer(o, dropped) }},
}

func dropped(*object) {}

func main() {
	debug.SetGCPercent(-1)
	var kept [][]*object
	for _, one := range manners {
		one.attach(new(object)) // the first one starts a goroutine
	}
	for i := 0; i < times; i++ {
		for _, one := range manners {
			all := make([]*object, objects)
			for at := range all {
				all[at] = new(object)
			}
			kept = append(kept, all)
			one.to(all)
		}
	}
	runtime.KeepAlive(kept)
	line := "BenchmarkAttach 1 1 ns/op"
	for _, one := range manners {
		line += " " + each(one.ns) + " " + one.name + "-ns/op " + each(one.bytes/times) + " " + one.name + "-bytes/op"
	}
	os.Stdout.WriteString(line + "\n")
}

func (m *manner) to(all []*object) {
	before := taken()
	began := time.Now()
	for _, one := range all {
		m.attach(one)
	}
	took := time.Since(began).Nanoseconds()
	m.bytes += taken() - before
	if m.ns == 0 || took < m.ns {
		m.ns = took
	}
}

// taken is what was taken from the heap so far, and what the runtime has for its own records.
func taken() int64 {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.TotalAlloc + stats.OtherSys)
}

func each(of int64) string { return strconv.FormatFloat(float64(of)/objects, 'f', 3, 64) }
