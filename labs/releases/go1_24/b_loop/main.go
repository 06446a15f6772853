// Runs benchmarks. To be seen: how often a benchmark's function is entered, and what of a call whose result nobody
// uses is left in its loop. What uses B.Loop stands in the folder beside this file.
package main

import (
	"math/bits"
	"os"
	"testing"
)

type box struct{ n uint64 }

func (b box) square() uint64 { return b.n*b.n + 12345 }

func square(x uint64) uint64 { return x*x + 12345 }

var (
	input = uint64(os.Getpid())
	all   = []testing.InternalBenchmark{{Name: "N", F: func(b *testing.B) { countedFunction(b, input) }}}
)

func main() {
	testing.Init()
	testing.Main(func(pattern, name string) (bool, error) { return true, nil }, nil, all, nil)
}

//go:noinline
func countedFunction(b *testing.B, x uint64) {
	os.Stderr.WriteString("entered N\n")
	for i := 0; i < b.N; i++ {
		square(x)
	}
}

//go:noinline
func countedMethod(b *testing.B, x uint64) {
	one := box{x}
	for i := 0; i < b.N; i++ {
		one.square()
	}
}

//go:noinline
func countedIntrinsic(b *testing.B, x uint64) {
	for i := 0; i < b.N; i++ {
		bits.Mul64(x, x)
	}
}

func init() {
	// So that the linker keeps them.
	if len(os.Args) == 0 {
		countedMethod(nil, 0)
		countedIntrinsic(nil, 0)
	}
}
