// What Go's own tools say of the functions in allocating.go, as JSON: testing.AllocsPerRun, and the memory profiler.
package main

import (
	"encoding/json"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
)

type oracle struct {
	PerRun   float64             `json:"per_run"`
	Profiled map[string][2]int64 `json:"profiled"`
}

func main() {
	runtime.MemProfileRate = 1
	debug.SetGCPercent(-1)
	found := map[string]oracle{}
	for _, one := range all {
		one.call() // what is done only once is done
		before := profile()
		for i := 0; i < 100; i++ {
			one.call()
		}
		after := profile()
		for name, count := range before {
			after[name] = [2]int64{after[name][0] - count[0], after[name][1] - count[1]}
			if after[name][0] == 0 {
				delete(after, name)
			}
		}
		found[one.name] = oracle{testing.AllocsPerRun(3000, one.call), after}
	}
	json.NewEncoder(os.Stdout).Encode(found)
}

// profile has the objects and bytes that were allocated so far, by the innermost function that is not the runtime's.
func profile() map[string][2]int64 {
	runtime.GC()
	runtime.GC() // an allocation is in the profile after the second collection
	records := make([]runtime.MemProfileRecord, 4096)
	n, ok := runtime.MemProfile(records, true)
	if !ok {
		panic("more records than room")
	}
	found := map[string][2]int64{}
	for _, record := range records[:n] {
		var by string
		ours := false
		frames := runtime.CallersFrames(record.Stack())
		for {
			frame, more := frames.Next()
			runtimes := strings.HasPrefix(frame.Function, "runtime.") || strings.HasPrefix(frame.Function, "internal/runtime/")
			if by == "" && !runtimes {
				by = frame.Function
			}
			ours = ours || frame.Function == "main.main"
			if !more {
				break
			}
		}
		if ours && by != "main.profile" && by != "main.main" {
			found[by] = [2]int64{found[by][0] + record.AllocObjects, found[by][1] + record.AllocBytes}
		}
	}
	return found
}
