// Functions of ours of which the article's sentences are true, or false where they are true of the runtime's.
// To be seen: the same as of the runtime's.
package main

import "unsafe"

type entry struct {
	key   int32
	used  bool
	value int
}

type table [256]entry

type pair struct{ first, second int }

var (
	own   table
	both  = pair{3, 5}
	slot  int
	spare int
)

//go:noinline
func hashOf(key int32) uint32 { return uint32(key) * 0x9E3779B1 >> 24 }

func (t *table) put(key int32, value int) {
	i := hashOf(key)
	for t[i&255].used && t[i&255].key != key {
		i++
	}
	t[i&255] = entry{key, true, value}
}

// find does what the article's diagram shows: hash, slots, comparison, and the value's address or nil.
//
//go:noinline
func find(t *table, key int32) *int {
	for i := hashOf(key); ; i++ {
		e := &t[i&255]
		if !e.used {
			return nil
		}
		if e.key == key {
			return &e.value
		}
	}
}

// ordered takes its arguments in the order of the article's table: the map's header, then the key.
//
//go:noinline
func ordered(m map[int32]int, key int32) *int {
	if _, present := m[key]; !present {
		return nil
	}
	return &slot
}

// twenty has more arguments than any processor's registers for them (https://go.dev/s/regabi: 9 on amd64, 16 on arm64).
//
//go:noinline
func twenty(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t int) int {
	return a + b ^ c + d ^ e + f ^ g + h ^ i + j ^ k + l ^ m + n ^ o + p ^ q + r ^ s + t
}

// leaf calls nothing and keeps everything in registers.
//
//go:noinline
func leaf(p *pair) int {
	x := p.second
	x += p.first * 3
	return x
}

// stored takes the address of a value as its fifth argument, after those of the runtime's assign function.
//
//go:noinline
func stored(descriptor unsafe.Pointer, m map[int32]int, key int32, spare int, value *int) *int {
	*value += len(m) & spare & int(key)
	return value
}

//go:noinline
func callFind() { found = find(&own, wanted) }

//go:noinline
func callOrdered() { found = ordered(many, wanted) }

//go:noinline
func callTwenty() {
	sink = twenty(0x1001, 0x1002, 0x1003, 0x1004, 0x1005, 0x1006, 0x1007, 0x1008, 0x1009, 0x100a,
		0x100b, 0x100c, 0x100d, 0x100e, 0x100f, 0x1010, 0x1011, 0x1012, 0x1013, 0x1014)
}

//go:noinline
func callLeaf() { sink = leaf(&both) }

//go:noinline
func callStored() { found = stored(descriptor, many, wanted, spare, &slot) }
