// Calls an empty function many times and prints the processor time of one call, as a benchmark does. To be seen: what a
// call of a C function costs. It needs no package testing, so that little has to be compiled. With TWICE set it calls
// twice where it counts one call.
package main

import (
	"os"
	"strconv"
	"syscall"
)

func main() {
	twice := os.Getenv("TWICE") != ""
	var best int64
	for i := 0; i < 3; i++ {
		began := spent()
		for n := 0; n < calls; n++ {
			call()
			if twice {
				call()
			}
		}
		if took := spent() - began; best == 0 || took < best {
			best = took
		}
	}
	each := strconv.FormatFloat(float64(best)/calls, 'f', 3, 64)
	os.Stdout.WriteString("BenchmarkCall " + strconv.Itoa(calls) + " " + each + " ns/op\n")
}

// spent is the processor time of the process in ns.
func spent() int64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return usage.Utime.Nano() + usage.Stime.Nano()
}
