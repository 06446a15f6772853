package main

// Lookups by kind of key and size of value. The names say which: the bytes of the value stand at the end.

type (
	v8   [1]int
	v128 [16]int
	v136 [17]int

	wrapped struct{ n int32 }
)

var (
	int32Map8     = map[int32]v8{}
	int32Map128   = map[int32]v128{}
	int32Map136   = map[int32]v136{}
	uint32Map8    = map[uint32]v8{}
	uint32Map128  = map[uint32]v128{}
	uint32Map136  = map[uint32]v136{}
	runeMap8      = map[rune]v8{}
	runeMap128    = map[rune]v128{}
	runeMap136    = map[rune]v136{}
	float32Map8   = map[float32]v8{}
	float32Map128 = map[float32]v128{}
	float32Map136 = map[float32]v136{}
	int16Map8     = map[int16]v8{}
	int16Map128   = map[int16]v128{}
	int16Map136   = map[int16]v136{}
	bytesMap8     = map[[4]byte]v8{}
	bytesMap128   = map[[4]byte]v128{}
	bytesMap136   = map[[4]byte]v136{}
	structMap8    = map[wrapped]v8{}
	structMap128  = map[wrapped]v128{}
	structMap136  = map[wrapped]v136{}
)

//go:noinline
func int32To8(k int32) int { return int32Map8[k][0] }

//go:noinline
func int32To128(k int32) int { return int32Map128[k][0] }

//go:noinline
func int32To136(k int32) int { return int32Map136[k][0] }

//go:noinline
func uint32To8(k uint32) int { return uint32Map8[k][0] }

//go:noinline
func uint32To128(k uint32) int { return uint32Map128[k][0] }

//go:noinline
func uint32To136(k uint32) int { return uint32Map136[k][0] }

//go:noinline
func runeTo8(k rune) int { return runeMap8[k][0] }

//go:noinline
func runeTo128(k rune) int { return runeMap128[k][0] }

//go:noinline
func runeTo136(k rune) int { return runeMap136[k][0] }

//go:noinline
func float32To8(k float32) int { return float32Map8[k][0] }

//go:noinline
func float32To128(k float32) int { return float32Map128[k][0] }

//go:noinline
func float32To136(k float32) int { return float32Map136[k][0] }

//go:noinline
func int16To8(k int16) int { return int16Map8[k][0] }

//go:noinline
func int16To128(k int16) int { return int16Map128[k][0] }

//go:noinline
func int16To136(k int16) int { return int16Map136[k][0] }

//go:noinline
func bytesTo8(k [4]byte) int { return bytesMap8[k][0] }

//go:noinline
func bytesTo128(k [4]byte) int { return bytesMap128[k][0] }

//go:noinline
func bytesTo136(k [4]byte) int { return bytesMap136[k][0] }

//go:noinline
func structTo8(k wrapped) int { return structMap8[k][0] }

//go:noinline
func structTo128(k wrapped) int { return structMap128[k][0] }

//go:noinline
func structTo136(k wrapped) int { return structMap136[k][0] }

// kinds looks keys up in each of the maps with 8-byte values, a hold before each.
func kinds() {
	for i := 0; i < times; i++ {
		n := int32(i)
		int32Map8[n], uint32Map8[uint32(n)], runeMap8[n], float32Map8[float32(n)] = v8{i}, v8{i}, v8{i}, v8{i}
		int16Map8[int16(n)], bytesMap8[[4]byte{byte(n)}], structMap8[wrapped{n}] = v8{i}, v8{i}, v8{i}
	}
	sum := 0
	for _, get := range []func(int32) int{
		int32To8,
		func(n int32) int { return uint32To8(uint32(n)) },
		runeTo8,
		func(n int32) int { return float32To8(float32(n)) },
		func(n int32) int { return int16To8(int16(n)) },
		func(n int32) int { return bytesTo8([4]byte{byte(n)}) },
		func(n int32) int { return structTo8(wrapped{n}) },
	} {
		hold()
		for n := int32(0); n < times; n++ {
			sum += get(n)
		}
	}
	hold()
	println(sum)
}
