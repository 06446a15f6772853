// Makes slices, makes errors and reads. To be seen: how many objects and bytes each way to do it allocates, and how much
// room there is in what comes out.
package main

import (
	"encoding/json"
	"os"
	"runtime"
)

type counted struct {
	Way     string `json:"way"`
	N       int    `json:"n"`
	Calls   int    `json:"calls"`
	Objects uint64 `json:"objects"`
	Bytes   uint64 `json:"bytes"`
	Cap     int    `json:"cap"`   // of what was read
	Needs   int    `json:"needs"` // the capacity of a copy
}

const calls = 200

func main() {
	out := json.NewEncoder(os.Stdout)
	for _, found := range append(append(slices(), texts()...), reads()...) {
		if err := out.Encode(found); err != nil {
			panic(err)
		}
	}
}

func count(way string, n, calls int, do func(n int)) counted {
	var before, after runtime.MemStats
	do(n)
	runtime.ReadMemStats(&before)
	for i := 0; i < calls; i++ {
		do(n)
	}
	runtime.ReadMemStats(&after)
	return counted{Way: way, N: n, Calls: calls, Objects: after.Mallocs - before.Mallocs, Bytes: after.TotalAlloc - before.TotalAlloc}
}
