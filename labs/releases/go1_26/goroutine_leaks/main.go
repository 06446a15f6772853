// Leaves goroutines behind that wait for ever, and starts others that only wait long or can still be woken. To be seen:
// which of them the profile of leaked goroutines reports.
package main

import (
	"os"
	"runtime"
	"runtime/pprof"
	"sync"
	"time"
)

const each = 5

// guarded is too large for the tiny allocator, by which a mutex may share its block with something that is still in use.
type guarded struct {
	sync.Mutex
	all [4]int
}

var shared = make(chan int)

func main() {
	begun := make(chan bool)
	mine := make(chan int)
	leave(begun, mine)
	for i := 0; i < 6*each; i++ {
		<-begun
	}
	time.Sleep(50 * time.Millisecond)
	runtime.GC()
	profile := pprof.Lookup("goroutineleak")
	if profile == nil {
		return
	}
	if err := profile.WriteTo(os.Stdout, 1); err != nil {
		panic(err)
	}
	close(mine)
}

//go:noinline
func leave(begun chan bool, mine chan int) {
	lost := make(chan int)
	locked := &guarded{}
	locked.Lock()
	never := sync.NewCond(&sync.Mutex{})
	for i := 0; i < each; i++ {
		go onChannel(begun, lost)
		go onMutex(begun, locked)
		go onCond(begun, never)
		go onShared(begun)
		go onMine(begun, mine)
		go sleeping(begun)
	}
}

func onChannel(begun chan bool, lost chan int) {
	begun <- true
	lost <- 1
}

func onMutex(begun chan bool, locked *guarded) {
	begun <- true
	locked.Lock()
}

func onCond(begun chan bool, never *sync.Cond) {
	never.L.Lock()
	begun <- true
	never.Wait()
}

func onShared(begun chan bool) {
	begun <- true
	shared <- 1
}

func onMine(begun chan bool, mine chan int) {
	begun <- true
	<-mine
}

func sleeping(begun chan bool) {
	begun <- true
	time.Sleep(time.Hour)
}
