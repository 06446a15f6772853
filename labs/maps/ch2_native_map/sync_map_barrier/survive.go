// What a sync.Map keeps from being collected, and whether it asks the collector to.
package main

import (
	"encoding/json"
	"os"
	"runtime"
	"sync/atomic"
	"time"
)

const stored = 100

// registered stores many entries, then registers one object with the collector.
func registered() {
	hold()
	for i := 0; i < stored; i++ {
		shared.Store(i, &payload{})
	}
	hold()
	runtime.SetFinalizer(&payload{}, func(*payload) {})
	hold()
}

// hold is where a debugger stops the program; it does nothing.
//
//go:noinline
func hold() {}

// survive tells how many values were collected: of those that only a sync.Map has, and of as many that nothing has.
// Finalizers count them, so it is not the process in which registrations are counted.
func survive() {
	var fromMap, fromNowhere atomic.Int64
	for i := 0; i < stored; i++ {
		kept, dropped := &payload{word: [6]int{i}}, &payload{}
		runtime.SetFinalizer(kept, func(*payload) { fromMap.Add(1) })
		runtime.SetFinalizer(dropped, func(*payload) { fromNowhere.Add(1) })
		shared.Store(i, kept)
	}
	for began := time.Now(); fromNowhere.Load() < stored-1 && time.Since(began) < 5*time.Second; {
		runtime.GC()
		runtime.Gosched()
	}
	intact := 0
	for i := 0; i < stored; i++ {
		if value, ok := shared.Load(i); ok && value.(*payload).word[0] == i {
			intact++
		}
	}
	json.NewEncoder(os.Stdout).Encode(map[string]int64{
		"stored": stored, "intact": int64(intact), "kept_collected": fromMap.Load(), "dropped_collected": fromNowhere.Load(),
	})
}
