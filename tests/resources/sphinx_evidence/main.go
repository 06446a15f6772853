// To be seen: a function with atomic instructions, one without, collections that are forced, and a panic.
package main

import (
	"fmt"
	"os"
	"runtime"
	"sync/atomic"
)

type pair struct{ a, b int }

var (
	total int64
	sink  *pair
)

//go:noinline
func count(n int64) int64 {
	atomic.StoreInt64(&total, n)
	return atomic.AddInt64(&total, n)
}

//go:noinline
func plain(n int64) int64 {
	total = n
	if total < 0 {
		panic("negative")
	}
	return total
}

func main() {
	sink = &pair{1, 2}
	for range [2]int{} {
		runtime.GC()
	}
	fmt.Println("counted", count(1)+plain(2), "and \"quoted\" -- as it is")
	if len(os.Args) > 1 {
		plain(-1)
	}
}
