// Calls the same few functions again and again, through interfaces and through function values, and writes a profile of
// it. To be seen: which of these calls a compiler that is given the profile makes direct.
package main

import (
	"os"
	"runtime/pprof"
	"syscall"
	"time"
)

type worker interface{ work(int) int }

type (
	adder struct{ by int }
	other struct{}
)

func (a adder) work(n int) int {
	for i := 0; i < 50; i++ {
		n += a.by ^ i
	}
	return n
}

func (other) work(n int) int { return n + 1 }

func double(n int) int {
	for i := 0; i < 50; i++ {
		n += i ^ 3
	}
	return n
}

func triple(n int) int { return 3 * n }

var (
	workers   = []worker{adder{3}, other{}}
	functions = []func(int) int{double, triple}
)

//go:noinline
func byInterface(w worker, n int) int {
	return w.work(n)
}

//go:noinline
func byValue(f func(int) int, n int) int {
	return f(n)
}

var sum int

const enough = time.Second // a hundred samples, on a busy machine, too

// used is the processor time of this process so far.
func used() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return time.Duration(usage.Utime.Nano())
}

func main() {
	profile, err := os.Create(os.Args[1])
	if err != nil {
		panic(err)
	}
	if err := pprof.StartCPUProfile(profile); err != nil {
		panic(err)
	}
	for used() < enough {
		for i := 0; i < 1000; i++ {
			which := 0
			if i%50 == 0 {
				which = 1
			}
			sum += byInterface(workers[which], i)
			sum += byValue(functions[which], i)
		}
	}
	pprof.StopCPUProfile()
	if err := profile.Close(); err != nil {
		panic(err)
	}
}
