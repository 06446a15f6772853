// A program as a reader of the article would write it: a lookup and an assignment with int16 keys, no imports.
package main

var ages = map[int16]int{}

//go:noinline
func older(years int) int { return years + 1 }

//go:noinline
func lookup(key int16) int { return ages[key] }

//go:noinline
func assign(key int16, years int) { ages[key] = years }

//go:noinline
func ordinary(years int) int { return older(years) }

func main() {
	assign(7, 30)
	println(ordinary(lookup(7)))
}
