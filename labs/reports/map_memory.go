// Fills maps of many sizes and weighs them. To be seen: whether they take what one estimates who thinks of buckets.
package main

import (
	"fmt"
	"math"
	"os"
	"runtime"
	"unsafe"
)

const (
	perBucket = 8
	fullest   = 6.5 // entries a bucket, on average, beyond which there are twice as many buckets
)

// estimated are the bytes of as many buckets as the entries need. A bucket has room for eight entries, a byte of each
// one's hash, and a pointer to a further bucket.
func estimated[K comparable, V any](entries int) float64 {
	var key K
	var value V
	buckets := math.Exp2(math.Ceil(math.Log2(float64(entries) / fullest)))
	return buckets * float64(perBucket*(1+unsafe.Sizeof(key)+unsafe.Sizeof(value))+unsafe.Sizeof(uintptr(0)))
}

func heap() uint64 {
	runtime.GC()
	var now runtime.MemStats
	runtime.ReadMemStats(&now)
	return now.HeapAlloc
}

// weigh prints between how many times the estimate and how many times maps take. Each has grown entry by entry; what it
// has grown out of is garbage.
func weigh[V any]() {
	least, most := math.Inf(1), 0.0
	for entries := 5_000; entries < 40_000; entries += 1_250 {
		before := heap()
		m := map[int64]V{}
		for i := 0; i < entries; i++ {
			m[int64(i)] = *new(V)
		}
		ratio := float64(heap()-before) / estimated[int64, V](entries)
		runtime.KeepAlive(m)
		least, most = min(least, ratio), max(most, ratio)
	}
	fmt.Printf("%.2f to %.2f times the estimate\n", least, most)
	if least < 1 {
		fmt.Println("some take less")
	} else {
		fmt.Println("none takes less")
	}
}

func main() {
	kinds := map[string]func(){
		"int64-int64": weigh[int64],
		"int64-bool":  weigh[bool],
	}
	kinds[os.Args[1]]()
}
