// What the tests of gdb look at: known values, a known chain of calls, a byte that decides, parked goroutines.
// What gdb must find is also printed to standard error, so that the program itself is the witness.
package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
)

type point struct {
	X, Y int
	Name string
}

var gate byte = 1

var pair = [2]byte{1, 2}

var parked = make(chan bool)

var spins atomic.Int64

func main() {
	fmt.Fprintf(os.Stderr, "args %q\n", os.Args[1:])
	fmt.Fprintf(os.Stderr, "procs %d\n", runtime.GOMAXPROCS(0))
	switch os.Args[1] {
	case "chain":
		p := &point{X: 7, Y: -3, Name: "sieben"}
		fmt.Fprintf(os.Stderr, "value %d %d %s %d\n", p.X, p.Y, p.Name, address(p))
		fmt.Fprintf(os.Stderr, "result %d\n", p.outer())
	case "spawned":
		done := make(chan int)
		go func() {
			p := &point{X: 8}
			done <- p.outer()
		}()
		<-done
	case "two":
		go second()
		for gate == 1 {
			spins.Add(1)
		}
		firstDone()
	case "gate":
		before()
		fmt.Fprintln(os.Stderr, "pair", pair)
		if gate != 1 {
			fmt.Fprintln(os.Stderr, "the gate was changed")
			os.Exit(3)
		}
	case "park":
		park(3)
		mark(&point{}, "parked", 0)
	case "shapes":
		shapes(2.5, true, -3, []int{4, 5, 6}, "", strings.Repeat("x", 5000), point{1, 2, "in"})
	case "exit":
		os.Exit(5)
	case "killed":
		syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {}
	}
}

//go:noinline
func (p *point) outer() int {
	return between(p) * 2
}

// between is inlined into outer: its frame exists only in the debug information.
func between(p *point) int {
	return inner(p) + 1
}

//go:noinline
func inner(p *point) int {
	callers()
	return mark(p, "grüße", 42) + 1
}

//go:noinline
func mark(p *point, label string, n int) int {
	return p.X + len(label) + n
}

// second has a thread to itself, because the first goroutine keeps its own busy until gdb changes the gate.
//
//go:noinline
func second() {
	secondReady()
	secondDone()
	if len(os.Args) > 2 {
		os.Exit(6)
	}
	select {}
}

//go:noinline
func secondReady() {
	runtime.KeepAlive(gate)
}

//go:noinline
func firstDone() {
	runtime.KeepAlive(gate)
}

//go:noinline
func secondDone() {
	runtime.KeepAlive(gate)
}

//go:noinline
func before() {
	runtime.KeepAlive(gate)
}

//go:noinline
func shapes(real float64, yes bool, small int8, list []int, empty, long string, whole point) int {
	if yes && real > float64(small) {
		return len(list) + len(empty) + len(long) + whole.X
	}
	return 0
}

//go:noinline
func address(p *point) uintptr {
	var found uintptr
	fmt.Sscanf(fmt.Sprintf("%p", p), "0x%x", &found)
	return found
}

// callers prints the frames from its caller outwards, as the runtime sees them.
//
//go:noinline
func callers() {
	pcs := make([]uintptr, 20)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	for {
		frame, more := frames.Next()
		fmt.Fprintf(os.Stderr, "frame %s %s %d\n", frame.Function, frame.File, frame.Line)
		if !more {
			return
		}
	}
}

// park returns when n goroutines wait on a channel, and prints the runtime's own list of goroutines.
func park(n int) {
	for i := 0; i < n; i++ {
		go waiter()
	}
	for {
		buffer := make([]byte, 1<<16)
		text := string(buffer[:runtime.Stack(buffer, true)])
		if strings.Count(text, "[chan receive]") == n {
			for _, line := range strings.Split(text, "\n") {
				if strings.HasPrefix(line, "goroutine ") {
					fmt.Fprintln(os.Stderr, line)
				}
			}
			return
		}
		runtime.Gosched()
	}
}

//go:noinline
func waiter() {
	<-parked
}
