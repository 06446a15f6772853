// One assignment to a map[int64]int64, to a key that lies in an overflow bucket where maps have such buckets.
// To be seen: the instructions that read the header's field buckets and the bucket's overflow pointer.
package main

// For so many entries a map that has buckets gets 256 of them, one for every six (loadFactorNum in runtime/map.go of Go
// 1.23); one bucket in seven is then too small for what falls into it.
const (
	buckets = 256
	entries = 1500
)

var (
	numbers map[int64]int64
	// at is the number of a bucket, key the key to assign: a debugger that finds an overflow bucket sets it.
	at   int
	key  int64 = -1
	sink any
)

//go:noinline
func visit() {}

//go:noinline
func assigned() {}

//go:noinline
func done() {}

//go:noinline
func assign(key int64) { numbers[key] = key }

func main() {
	// Presized, so that the map does not grow: an assignment to a growing map also moves entries.
	numbers = make(map[int64]int64, entries)
	for i := int64(0); i < entries; i++ {
		numbers[i] = i
	}
	for at = 0; at < buckets && key < 0; at++ {
		visit()
	}
	if key < 0 {
		key = 7
	}
	assign(key)
	assigned()
	sink = asTheArticleSays(&own)
	sink = next(&loose)
	done()
}
