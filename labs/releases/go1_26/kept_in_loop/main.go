// Multiplies in the loops of benchmarks. To be seen, in the machine code: whether the multiplication is in the loop, and
// whether a small function is called there.
package main

import (
	"fmt"
	"testing"
)

var benchmarks = []func(b *testing.B){counted, countedCall, countedFar}

func square(x int) int { return x * x }

//go:noinline
func far(x int) int { return x * x }

//go:noinline
func counted(b *testing.B) {
	var x int
	y := b.N
	for i := 0; i < b.N; i++ {
		y++
		x = y * 12345
	}
	_ = x
}

//go:noinline
func countedCall(b *testing.B) {
	y, sum := b.N, 0
	for i := 0; i < b.N; i++ {
		sum += square(y + i)
	}
	b.N = sum
}

//go:noinline
func countedFar(b *testing.B) {
	y, sum := b.N, 0
	for i := 0; i < b.N; i++ {
		sum += far(y + i)
	}
	b.N = sum
}

func main() { fmt.Println(len(benchmarks)) }
