// Functions with two large variables each. To be seen: whether a frame has room for both where one is in use at a time.
package main

import "os"

const words = 128

type large struct{ words [words]int }

//go:noinline
func fill(s []int) int {
	for i := range s {
		s[i] = i
	}
	return s[len(s)-1]
}

//go:noinline
func fillLarge(l *large) int { return fill(l.words[:]) }

//go:noinline
func sliced(which bool) int {
	if which {
		var a [words]int
		return fill(a[:])
	}
	var b [words]int
	return fill(b[:]) + 1
}

//go:noinline
func structs(which bool) int {
	if which {
		var a large
		return fillLarge(&a)
	}
	var b large
	return fillLarge(&b) + 1
}

//go:noinline
func inTurn() int {
	sum := 0
	{
		var a [words]int
		sum += fill(a[:])
	}
	{
		var b [words]int
		sum += fill(b[:])
	}
	return sum
}

//go:noinline
func indexed(which bool, at int) int {
	if which {
		var a [words]int
		a[at] = 1
		return a[at/2]
	}
	var b [words]int
	b[at] = 2
	return b[at/3]
}

//go:noinline
func together() int {
	var a, b [words]int
	return fill(a[:]) + fill(b[:]) + fill(a[:])
}

func main() {
	which := len(os.Args) > 1
	println(sliced(which) + structs(which) + inTurn() + indexed(which, len(os.Args)) + together())
}
