// Loops with B.Loop. To be seen: what main.go sees of loops that count to b.N.
package main

import (
	"math/bits"
	"os"
	"testing"
)

func init() {
	all = append(all, testing.InternalBenchmark{Name: "Loop", F: func(b *testing.B) { loopedFunction(b, input) }})
	if len(os.Args) == 0 {
		loopedMethod(nil, 0)
		loopedIntrinsic(nil, 0)
	}
}

//go:noinline
func loopedFunction(b *testing.B, x uint64) {
	os.Stderr.WriteString("entered Loop\n")
	for b.Loop() {
		square(x)
	}
}

//go:noinline
func loopedMethod(b *testing.B, x uint64) {
	one := box{x}
	for b.Loop() {
		one.square()
	}
}

//go:noinline
func loopedIntrinsic(b *testing.B, x uint64) {
	for b.Loop() {
		bits.Mul64(x, x)
	}
}
