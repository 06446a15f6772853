// Stores keys in a sync.Map, then loads all of them, again and again, and prints what a load takes in each pass, as a
// benchmark does; the best of several maps. To be seen: whether the first pass takes longer than later ones.
package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"sync"
	"time"
)

const (
	keys   = 1000
	passes = 8
	maps   = 200
)

func main() {
	debug.SetGCPercent(-1)
	runtime.LockOSThread()
	boxed := make([]any, keys)
	for key := range boxed {
		boxed[key] = key
	}
	var best [passes]int64
	for i := 0; i < maps; i++ {
		var m sync.Map
		for _, key := range boxed {
			m.Store(key, key)
		}
		for pass := range best {
			began := time.Now()
			for _, key := range boxed {
				if _, found := m.Load(key); !found {
					panic("a key is missing")
				}
			}
			if took := time.Since(began).Nanoseconds(); best[pass] == 0 || took < best[pass] {
				best[pass] = took
			}
		}
	}
	line := "BenchmarkLoads 1 1 ns/op"
	for pass, took := range best {
		line += " " + strconv.FormatFloat(float64(took)/keys, 'f', 3, 64) + " pass-" + strconv.Itoa(pass+1) + "-ns/op"
	}
	os.Stdout.WriteString(line + "\n")
}
