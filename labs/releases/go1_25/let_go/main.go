// Drops objects with cleanups, objects with finalizers, and chains of values for unique.Make. To be seen: how many of the
// functions are at work at the same time, and after how many collections the memory of the values is back.
package main

import (
	"encoding/json"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

const (
	objects = 150
	waves   = 3
	waits   = 500 * time.Microsecond // so that others can begin
)

type object struct {
	self *object
	n    [4]int
}

type atWork struct {
	Procs      int   `json:"procs"`
	Cleanups   int64 `json:"cleanups"`
	Finalizers int64 `json:"finalizers"`
}

type answer struct {
	AtWork []atWork `json:"at_work"`
	Chains []chains `json:"chains"`
	Held   chains   `json:"held"`
}

func main() {
	found := answer{Chains: []chains{}, Held: held()}
	for _, deep := range []int{1, 2, 5, 20} {
		if link != nil {
			found.Chains = append(found.Chains, dropped(deep))
		}
	}
	for _, procs := range []int{4, 16} {
		runtime.GOMAXPROCS(procs)
		one := atWork{Procs: procs, Finalizers: atOnce(finalizer)}
		if cleanup != nil {
			one.Cleanups = atOnce(cleanup)
		}
		found.AtWork = append(found.AtWork, one)
	}
	if err := json.NewEncoder(os.Stdout).Encode(found); err != nil {
		panic(err)
	}
}

func finalizer(one *object, work func(int)) {
	runtime.SetFinalizer(one, func(*object) { work(0) })
}

// atOnce is how many were at work together at most. The runtime starts goroutines for cleanups when one is attached, by
// what was waiting then: hence several waves.
func atOnce(attach func(*object, func(int))) int64 {
	var active, most atomic.Int64
	var done sync.WaitGroup
	work := func(int) {
		now := active.Add(1)
		for seen := most.Load(); now > seen && !most.CompareAndSwap(seen, now); seen = most.Load() {
		}
		time.Sleep(waits)
		active.Add(-1)
		done.Done()
	}
	for wave := 0; wave < waves; wave++ {
		done.Add(objects)
		drop(attach, work)
		ended := make(chan bool)
		go func() { done.Wait(); close(ended) }()
		for waiting := true; waiting; {
			runtime.GC()
			select {
			case <-ended:
				waiting = false
			case <-time.After(objects * waits):
			}
		}
	}
	return most.Load()
}

//go:noinline
func drop(attach func(*object, func(int)), work func(int)) {
	for i := 0; i < objects; i++ {
		attach(&object{}, work)
	}
}
