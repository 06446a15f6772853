// What the tests of gdb's watchpoints, counters, returns and forced values look at: the program knows the answers.
package main

import "os"

var word, other uint64
var wide [20]uint64
var calls int

//go:noinline
func ready() {}

//go:noinline
func done() {}

//go:noinline
func store(value uint64) {
	word = value // the only line that writes word
}

//go:noinline
func load() uint64 {
	wide[0]++
	return word // the only line that reads word
}

//go:noinline
func bump(n int) { calls += n }

//go:noinline
func first() { bump(1) }

//go:noinline
func second() {
	bump(1)
	bump(1)
}

//go:noinline
func answer(n int) int { return n * 6 }

func main() {
	ready()
	store(5)
	store(5)
	other = load()
	store(7)
	done()
	first()
	second()
	done()
	for i := 0; i < 10; i++ {
		bump(i)
	}
	done()
	println("calls", calls)
	println("answer", answer(7))
	if len(os.Args) > 1 {
		for i := 0; i < 100; i++ {
			store(uint64(i))
		}
		done()
	}
}
