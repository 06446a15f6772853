// Sends and receives on one channel from four goroutines. To be seen: what the mutex profile says of those that waited
// for the lock inside the channel; and of a sync.Mutex, which is no lock of the runtime.
package main

import (
	"encoding/json"
	"os"
	"runtime"
	"sync"
	"time"
)

const (
	look    = 50 * time.Millisecond
	most    = 60 // looks
	enough  = 50 // waits
	records = 2000
	pairs   = 2
)

type waited struct {
	Times int64    `json:"times"`
	Stack []string `json:"stack"`
}

func main() {
	runtime.SetMutexProfileFraction(1)
	values := make(chan int, pairs)
	var lock sync.Mutex
	for pair := 0; pair < pairs; pair++ {
		go send(values)
		go receive(values)
		go hold(&lock)
	}
	var found []waited
	for looks, fewest := 0, int64(0); looks < most && fewest < enough; looks++ {
		time.Sleep(look)
		found, fewest = profile()
	}
	if err := json.NewEncoder(os.Stdout).Encode(found); err != nil {
		panic(err)
	}
}

// profile is what stands in the mutex profile, and how often one waited for our lock or for others, whichever is less.
func profile() (found []waited, fewest int64) {
	var waits, ourWaits int64
	all := make([]runtime.BlockProfileRecord, records)
	n, _ := runtime.MutexProfile(all)
	found = []waited{}
	for _, record := range all[:n] {
		one := waited{record.Count, functions(record.Stack())}
		found = append(found, one)
		if ours(one.Stack) {
			ourWaits += one.Times
		} else {
			waits += one.Times
		}
	}
	if ourWaits < waits {
		return found, ourWaits
	}
	return found, waits
}

func send(values chan int) {
	for {
		values <- 1
	}
}

func receive(values chan int) {
	for {
		<-values
	}
}

func hold(lock *sync.Mutex) {
	for {
		lock.Lock()
		time.Sleep(time.Millisecond)
		lock.Unlock()
	}
}

func ours(stack []string) bool {
	for _, name := range stack {
		if name == "main.hold" {
			return true
		}
	}
	return false
}

func functions(stack []uintptr) (names []string) {
	frames := runtime.CallersFrames(stack)
	for {
		frame, more := frames.Next()
		names = append(names, frame.Function)
		if !more {
			return names
		}
	}
}
