// Goroutines on one map without a lock; the second word on the command line says how many operations each does.
package main

import (
	"runtime"
	"sync"
	"unsafe"
)

const keys = 1024

// halfMigrated is a number of entries that leaves a map up to Go 1.23 with some buckets moved and others not: the last
// one has made eight buckets too few (6.0 entries a bucket in Go 1.21, 6.5 later), and moved no more than two of them.
// Swiss maps move all entries at once; to them the number means nothing.
func halfMigrated() int {
	const oldbuckets = 24 // its offset in runtime.hmap; in a Swiss map's header there is dirLen, which is set by then
	const eightBuckets = 40
	trial := make(map[float64]int)
	header := *(*unsafe.Pointer)(unsafe.Pointer(&trial))
	for len(trial) < eightBuckets || *(*uintptr)(unsafe.Add(header, oldbuckets)) == 0 {
		trial[float64(len(trial))] = 1
	}
	return len(trial)
}

// often calls the function with the numbers from 0. Between them the goroutine lets others run from time to time, so that
// they mix under GOMAXPROCS=1 too. Within an assignment it may be made to: where it calls a function that looks for room
// on the stack (newstack in runtime/stack.go).
func often(times int, operation func(float64)) {
	for i := 0; i < times; i++ {
		operation(float64(i % (2 * keys)))
		if i%64 == 0 {
			runtime.Gosched()
		}
	}
}

// readMany looks up present and absent keys.
//
//go:noinline
func readMany() {
	found := 0
	often(number(2), func(key float64) {
		found += shared[key]
		if _, ok := shared[key]; ok {
			found++
		}
	})
	use(found)
}

func readFew() {
	found := 0
	for i := 0; i < 20; i++ {
		found += shared[float64(i)]
	}
	use(found)
}

func iterate() {
	found := 0
	for range [3]int{} {
		for key := range shared {
			found += int(key)
		}
		runtime.Gosched()
	}
	use(found)
}

//go:noinline
func use(int) {}

//go:noinline
func assignMany() { often(number(2), func(key float64) { shared[key] = 1 }) }

// deleteMany deletes absent keys only: an empty map would no longer be looked at.
//
//go:noinline
func deleteMany() { often(number(2), func(key float64) { delete(shared, -1-key) }) }

// beside runs so many goroutines of one kind and waits for them.
func beside(goroutines int, each func()) {
	var done sync.WaitGroup
	for i := 0; i < goroutines; i++ {
		done.Add(1)
		go func() { defer done.Done(); each() }()
	}
	done.Wait()
}

func two(first, second func()) {
	var done sync.WaitGroup
	done.Add(2)
	go func() { defer done.Done(); first() }()
	go func() { defer done.Done(); second() }()
	done.Wait()
}

// takeTurns has two goroutines assign in turns. No lock is there, but a channel puts every assignment before the next.
func takeTurns() {
	turn, back := make(chan float64), make(chan bool)
	go func() {
		for key := range turn {
			shared[key] = 1
			back <- true
		}
		close(back)
	}()
	for i := 0; i < number(2); i++ {
		shared[float64(i)] = 0
		turn <- float64(i)
		<-back
	}
	close(turn)
	<-back
}

// recovering runs the operations with a deferred call that recovers from a panic, if there is one.
func recovering(operations func()) func() {
	return func() {
		defer recovered()
		operations()
	}
}

//go:noinline
func recovered() {
	println("deferred call runs")
	if reason := recover(); reason != nil {
		println("recovered from:", reason.(error).Error())
	}
}
