// What channels have to do with the caches of Go's allocator and of the processor. Each word on the command line is a
// small experiment. To be seen by a debugger: who owns an mcache, whether sends and receives read it, and what flushes
// a cache line.
package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"syscall"
	"time"
)

const times = 200

func main() {
	debug.SetGCPercent(-1)
	experiments := map[string]func(){
		"threads": func() { threads(argument()) },
		"operate": operate,
		"count":   count,
		"one":     func() { handOver(false) },
		"two":     func() { handOver(true) },
	}
	experiments[os.Args[1]]()
}

func argument() int {
	n, err := strconv.Atoi(os.Args[2])
	if err != nil {
		panic(err)
	}
	return n
}

// hold is where a debugger stops the program; it does nothing.
//
//go:noinline
func hold() {}

// threads has so many more threads that stand in a system call, and prints how many of what there are.
func threads(more int) {
	for i := 0; i < more; i++ {
		var ends [2]int
		if err := syscall.Pipe(ends[:]); err != nil {
			panic(err)
		}
		go func() {
			runtime.LockOSThread()
			syscall.Read(ends[0], make([]byte, 1)) // nobody writes
		}()
	}
	for before := -1; ; {
		time.Sleep(10 * time.Millisecond)
		tasks, err := os.ReadDir("/proc/self/task")
		if err != nil {
			panic(err)
		}
		if now := len(tasks); now > more && now == before {
			break
		}
		before = len(tasks)
	}
	tasks, _ := os.ReadDir("/proc/self/task")
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	fmt.Printf("{\"procs\":%d,\"threads\":%d,\"mcache_bytes\":%d}\n", runtime.GOMAXPROCS(0), len(tasks), stats.MCacheInuse)
	hold()
}

var (
	buffered = make(chan int, 64)
	there    = make(chan int)
	back     = make(chan int)
	made     [times]chan int
)

//go:noinline
func sendAndReceive() {
	for i := 0; i < times; i++ {
		buffered <- i
		<-buffered
	}
}

// roundTrips makes another goroutine wait and be served, and waits for it in turn.
//
//go:noinline
func roundTrips() {
	for i := 0; i < times; i++ {
		there <- i
		<-back
	}
}

//go:noinline
func makeChannels() {
	for i := range made {
		made[i] = make(chan int, 8)
	}
}

func prepare() {
	go func() {
		for i := range there {
			back <- i
		}
	}()
	roundTrips() // from now on there are sudogs for all who wait
}

// operate does each of these from one hold to the next.
func operate() {
	prepare()
	hold()
	sendAndReceive()
	hold()
	roundTrips()
	hold()
	makeChannels()
	hold()
}

// count prints how many objects were allocated by each.
func count() {
	prepare()
	fmt.Printf("{\"sends and receives\":%d,", objects(sendAndReceive))
	fmt.Printf("\"round trips\":%d,", objects(roundTrips))
	fmt.Printf("\"channels made\":%d}\n", objects(makeChannels))
}

func objects(work func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	work()
	runtime.ReadMemStats(&after)
	return after.Mallocs - before.Mallocs
}
