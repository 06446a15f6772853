// Looked at by the tests of the instrument "diagnostics". A comment says what the compiler is to say of its line.
package main

type pair struct{ a, b int }

var (
	sink  *pair
	table [10]int
	ages  = map[int32]int{}              // escapes
	apply = func(n int) int { return n } // can inline
)

func same(p *pair) *pair { return p } // can inline, leaks

//go:noinline
func keep(p *pair) { sink = p } // cannot inline, leaks

//go:noinline
func local(n int) int { // cannot inline
	numbers := make([]int, 4) // does not escape
	for i := range numbers {
		numbers[i] = n
	}
	return numbers[n&3]
}

//go:noinline
func moved() *pair { // cannot inline
	made := pair{1, 2} // escapes
	return &made
}

//go:noinline
func onHeap() *pair { // cannot inline
	return &pair{1, 2} // escapes
}

//go:noinline
func variable(n int) []int { return make([]int, n) } // cannot inline, escapes

//go:noinline
func index(numbers []int, i int) int { // cannot inline, does not escape
	return numbers[i] + // bounds check
		table[i] // bounds check
}

//go:noinline
func slice(numbers []int, i, j int) []int { // cannot inline, leaks
	return numbers[i:j] // slice bounds check
}

//go:noinline
func lookup(key int32) int { return ages[key] } // cannot inline

//go:noinline
func assign(key int32, years int) { ages[key] = years } // cannot inline

//go:noinline
func last(p *pair) int { return local(p.a) } // cannot inline, does not escape

func main() { // cannot inline
	one := same(&pair{3, 4}) // inlines a call, does not escape
	keep(moved())
	keep(onHeap())
	assign(1, 2)
	println(local(2), len(variable(3)), index(table[:], 1), len(slice(table[:], 1, 2)), lookup(1), apply(2), last(one))
}
