// Lets goroutines wait for locks while the mutex profile is on. To be seen: how much delay it has, and in which functions.
package main

import (
	"bytes"
	"encoding/json"
	"os"
	"regexp"
	"runtime"
	"runtime/pprof"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

const (
	held    = 10 * time.Millisecond
	pause   = 50 * time.Millisecond
	quick   = 300 * time.Millisecond
	patient = 3 * time.Second
	enough  = 5
)

// behind is a lock that so many goroutines wait for while it is held once; none of them holds it for long. It gives back
// how long each of them waits at least, and at most.
func behind(waiters int) (least, most time.Duration) {
	var mu sync.Mutex
	var started, done sync.WaitGroup
	started.Add(waiters)
	done.Add(waiters)
	mu.Lock()
	from := time.Now()
	for i := 0; i < waiters; i++ {
		go func() {
			defer done.Done()
			started.Done()
			mu.Lock()
			mu.Unlock()
		}()
	}
	started.Wait()
	all := time.Now()
	time.Sleep(held)
	least, most = time.Since(all), time.Since(from)
	mu.Unlock()
	done.Wait()
	return least, most
}

// inside makes goroutines meet at a lock of the runtime's, a channel's, until that has been seen often enough.
func inside() {
	line := make(chan int, 100)
	stop := time.Now().Add(quick)
	last := time.Now().Add(patient)
	var ended atomic.Bool
	var done sync.WaitGroup
	for i := 0; i < 4; i++ {
		done.Add(1)
		go func() {
			defer done.Done()
			for !ended.Load() {
				for j := 0; j < 1000; j++ {
					select {
					case line <- j:
					default:
					}
					select {
					case <-line:
					default:
					}
				}
			}
		}()
	}
	for now := time.Now(); now.Before(stop) || now.Before(last) && seen() < enough; now = time.Now() {
		time.Sleep(pause)
	}
	ended.Store(true)
	done.Wait()
}

// seen is how often the profile says that one waited.
func seen() (times int64) {
	found := make([]runtime.BlockProfileRecord, 10_000)
	number, _ := runtime.MutexProfile(found)
	for _, one := range found[:number] {
		times += one.Count
	}
	return times
}

type record struct {
	Count   int64
	Seconds float64
	Frames  []string // innermost first
}

type profile struct {
	LeastSeconds, MostSeconds float64
	Records                   []record
}

func perSecond() float64 {
	var text bytes.Buffer
	pprof.Lookup("mutex").WriteTo(&text, 1)
	found := regexp.MustCompile(`cycles/second=(\d+)`).FindSubmatch(text.Bytes())
	rate, err := strconv.ParseFloat(string(found[1]), 64)
	if err != nil {
		panic(err)
	}
	return rate
}

func records() []record {
	rate := perSecond()
	found := make([]runtime.BlockProfileRecord, 10_000)
	number, _ := runtime.MutexProfile(found)
	seen := []record{}
	for _, one := range found[:number] {
		this := record{one.Count, float64(one.Cycles) / rate, nil}
		for frames := runtime.CallersFrames(one.Stack()); ; {
			frame, more := frames.Next()
			this.Frames = append(this.Frames, frame.Function)
			if !more {
				break
			}
		}
		seen = append(seen, this)
	}
	return seen
}

func main() {
	runtime.SetMutexProfileFraction(1)
	var least, most time.Duration
	if os.Args[1] == "inside" {
		inside()
	} else {
		waiters, err := strconv.Atoi(os.Args[1])
		if err != nil {
			panic(err)
		}
		least, most = behind(waiters)
	}
	json.NewEncoder(os.Stdout).Encode(profile{least.Seconds(), most.Seconds(), records()})
}
