// Reads random bytes, in pieces of several sizes, and prints what a read takes, as a benchmark does; the best of several
// times. It needs no package testing, so that little has to be compiled.
package main

import (
	"crypto/rand"
	"os"
	"strconv"
	"time"
)

const (
	reads = 2000
	times = 15
)

func main() {
	line := "BenchmarkRead 1 1 ns/op"
	for _, size := range []int{4, 16, 256, 4096} {
		piece := make([]byte, size)
		best := int64(0)
		for i := 0; i < times; i++ {
			began := time.Now()
			for n := 0; n < reads; n++ {
				if _, err := rand.Read(piece); err != nil {
					panic(err)
				}
			}
			if took := time.Since(began).Nanoseconds(); best == 0 || took < best {
				best = took
			}
		}
		line += " " + strconv.FormatFloat(float64(best)/reads, 'f', 3, 64) + " read-" + strconv.Itoa(size) + "-ns/op"
	}
	os.Stdout.WriteString(line + "\n")
}
