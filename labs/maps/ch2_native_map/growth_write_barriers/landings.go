// Where texts come to lie that are assigned while a map grows: in the old buckets or in the new ones.
// To be seen in the map's own memory, by the offsets in its header that the command line gives.
package main

import (
	"os"
	"runtime/debug"
	"strconv"
	"unsafe"
)

// bucket is what a map[string]string had up to Go 1.23. If it is another one here, nothing is found.
type bucket struct {
	tops     [8]uint8
	keys     [8]string
	texts    [8]string
	overflow *bucket
}

// arrays are a map's buckets, and the old ones while it grows.
type arrays struct{ new, old []bucket }

// offsets of buckets, oldbuckets and B in the header.
var offsets [3]uintptr

func readOffsets() bool {
	if len(os.Args) < 5 {
		return false
	}
	for i := range offsets {
		n, _ := strconv.Atoi(os.Args[2+i])
		offsets[i] = uintptr(n)
	}
	return true
}

func arraysNow() arrays {
	header := *(*unsafe.Pointer)(unsafe.Pointer(&texts))
	n := uintptr(1) << *(*uint8)(unsafe.Add(header, offsets[2]))
	found := arrays{new: unsafe.Slice(*(**bucket)(unsafe.Add(header, offsets[0])), n)}
	if old := *(**bucket)(unsafe.Add(header, offsets[1])); old != nil {
		found.old = unsafe.Slice(old, n/2)
	}
	return found
}

func has(buckets []bucket, text string) bool {
	for i := range buckets {
		for b := &buckets[i]; b != nil; b = b.overflow {
			for _, found := range b.texts {
				if unsafe.StringData(found) == unsafe.StringData(text) {
					return true
				}
			}
		}
	}
	return false
}

// places counts texts that lie in the old buckets, in the new ones, in both, nowhere.
type places [4]int

func (p *places) count(in arrays, text string) {
	switch old, new := has(in.old, text), has(in.new, text); {
	case old && new:
		p[2]++
	case old:
		p[0]++
	case new:
		p[1]++
	default:
		p[3]++
	}
}

func (p *places) String() string {
	words := "["
	for i, n := range p {
		if i > 0 {
			words += ", "
		}
		words += strconv.Itoa(n)
	}
	return words + "]"
}

var serial int

// unique is a text that no other one shares its bytes with.
func unique() string {
	serial++
	return "text " + strconv.Itoa(serial)
}

// fillUntilItGrows assigns new keys to a new map; the last of the n keys made it grow.
func fillUntilItGrows(room int) (n int) {
	texts = make(map[string]string, room)
	for arraysNow().old == nil {
		texts[strconv.Itoa(n)] = unique()
		n++
	}
	return n
}

// grow assigns to present and to new keys in turns, as long as the map grows, and counts where what it assigned lies;
// and where the texts of the present keys lay before that, of which only keys are taken that had not been migrated.
func grow(before, present, fresh *places) {
	n := fillUntilItGrows(3000)
	for next := 0; ; n++ {
		in := arraysNow()
		for next < n && !has(in.old, texts[strconv.Itoa(next)]) {
			next++
		}
		if next == n {
			return
		}
		before.count(in, texts[strconv.Itoa(next)])
		if !assignedWhileGrowing(next, present) || !assignedWhileGrowing(n, fresh) {
			return
		}
	}
}

// assignedWhileGrowing counts where the text lies if the map still grows after the assignment.
func assignedWhileGrowing(key int, found *places) bool {
	text := unique()
	texts[strconv.Itoa(key)] = text
	in := arraysNow()
	if in.old == nil {
		return false
	}
	found.count(in, text)
	return true
}

// imitate does the same with buckets of our own, whose assignment stores into the new ones.
func imitate(found *places) {
	in := arrays{make([]bucket, 16), make([]bucket, 8)}
	for i := 0; i < 1000; i++ {
		text := unique()
		in.new[i%16].texts[i%8] = text
		found.count(in, text)
	}
}

func landings() {
	debug.SetGCPercent(-1)
	var before, present, fresh, imitated places
	imitate(&imitated)
	if readOffsets() {
		for i := 0; i < 8; i++ {
			grow(&before, &present, &fresh)
		}
	}
	os.Stdout.WriteString(`{"before": ` + before.String() + `, "present": ` + present.String() +
		`, "fresh": ` + fresh.String() + `, "imitated": ` + imitated.String() + "}\n")
}
