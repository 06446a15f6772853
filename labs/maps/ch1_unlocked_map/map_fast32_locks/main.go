// One lookup, of the kind named on the command line, between two stops of a debugger.
// To be seen: which function of the runtime answers it, what that function calls, and whether it takes notice of a map
// that is marked as being written.
package main

import "os"

const entries = 100

// wide is too large to be a value of a map with a specialised lookup: 136 bytes.
type wide [17]int64

var (
	byInt32   = map[int32]int{}
	byUint32  = map[uint32]int{}
	byInt16   = map[int16]int{}
	byFloat32 = map[float32]int{}
	wideOnes  = map[int32]wide{}
	few       = map[int32]int{}
	hinted    = make(map[int32]int, entries)
	shrunk    = map[int32]int{}
	empty     = map[int32]int{}
	none      map[int32]int

	sink int
)

//go:noinline
func hold() {}

//go:noinline
func lookInt32(key int) int { return byInt32[int32(key)] }

//go:noinline
func lookUint32(key int) int { return byUint32[uint32(key)] }

//go:noinline
func lookInt16(key int) int { return byInt16[int16(key)] }

//go:noinline
func lookFloat32(key int) int { return byFloat32[float32(key)] }

//go:noinline
func lookWide(key int) int { return int(wideOnes[int32(key)][0]) }

//go:noinline
func lookPresence(key int) int {
	value, present := byInt32[int32(key)]
	if !present {
		return -1
	}
	return value
}

//go:noinline
func lookFew(key int) int { return few[int32(key)] }

//go:noinline
func lookHinted(key int) int { return hinted[int32(key)] }

//go:noinline
func lookShrunk(key int) int { return shrunk[int32(key)] }

//go:noinline
func lookEmpty(key int) int { return empty[int32(key)] }

//go:noinline
func lookNone(key int) int { return none[int32(key)] }

func main() {
	for i := 0; i < entries; i++ {
		byInt32[int32(i)], byUint32[uint32(i)], byInt16[int16(i)], byFloat32[float32(i)] = i, i, i, i
		wideOnes[int32(i)] = wide{int64(i)}
		own.put(int32(i), i)
	}
	for i := 0; i < entries; i++ {
		shrunk[int32(i)] = i
	}
	for i := 8; i < entries; i++ {
		delete(shrunk, int32(i))
	}
	for i := 0; i < 8; i++ {
		few[int32(i)], hinted[int32(i)] = i, i
	}
	look := map[string]func(int) int{
		"int32":    lookInt32,
		"uint32":   lookUint32,
		"int16":    lookInt16,
		"float32":  lookFloat32,
		"wide":     lookWide,
		"presence": lookPresence,
		"few":      lookFew,
		"hinted":   lookHinted,
		"shrunk":   lookShrunk,
		"empty":    lookEmpty,
		"nil":      lookNone,
		"own":      lookOwn,
	}[os.Args[1]]
	hold()
	sink = look(7)
	hold()
	println("found", sink)
}
