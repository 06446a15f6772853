// One assignment to a map[int64]int64, to a key that lies in an overflow bucket where maps have such buckets.
// To be seen: the instructions that read the header's field buckets and the bucket's overflow pointer.
package main

const (
	entries = 1600
	most    = 256
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
	for at = 0; at < most && key < 0; at++ {
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
