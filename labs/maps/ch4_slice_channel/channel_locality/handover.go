// Values that are handed from one goroutine to another, on one thread or between two.
package main

import "runtime"

// flush has the cache line of that address written back and dropped from every cache.
//
//go:noescape
func flush(line *int)

// slot is on a cache line of its own.
var slot struct {
	_     [128]byte
	value int
	_     [128]byte
}

// handOver hands values over by a buffered channel; then by a slot of our own, whose line is flushed if the receiver
// has another thread. With two threads each of the goroutines is locked to one.
func handOver(apart bool) {
	hold()
	exchange(apart, func(i int) { buffered <- i }, func() { <-buffered })
	hold()
	full, empty := make(chan bool), make(chan bool)
	exchange(apart, func(i int) {
		slot.value = i
		if apart {
			flush(&slot.value)
		}
		full <- true
		<-empty
	}, func() {
		<-full
		_ = slot.value
		empty <- true
	})
	hold()
}

func exchange(apart bool, send func(i int), receive func()) {
	over := make(chan bool)
	go func() {
		if apart {
			runtime.LockOSThread()
		}
		for i := 0; i < times; i++ {
			receive()
		}
		over <- true
	}()
	if apart {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
	}
	for i := 0; i < times; i++ {
		send(i)
	}
	<-over
}
