// Two goroutines on one map, with and without what would make it safe.
package main

import "sync"

const keys = 1024

var guard sync.Mutex

//go:noinline
func assign(n int) {
	for i := 0; i < n; i++ {
		shared[i%keys] = "v"
	}
}

//go:noinline
func remove(n int) {
	for i := 0; i < n; i++ {
		delete(shared, i%keys)
	}
}

func lockedAssign(n int) {
	for i := 0; i < n; i++ {
		guard.Lock()
		shared[i%keys] = "v"
		guard.Unlock()
	}
}

func lockedRemove(n int) {
	for i := 0; i < n; i++ {
		guard.Lock()
		delete(shared, i%keys)
		guard.Unlock()
	}
}

// both lets two goroutines do n operations each and waits for the two.
func both(first, second func(int), n int) {
	var done sync.WaitGroup
	done.Add(2)
	go func() { defer done.Done(); first(n) }()
	go func() { defer done.Done(); second(n) }()
	done.Wait()
}

// listed has the shape of the article's program: one goroutine assigns a thousand keys, the caller deletes
// them, and nobody waits for the goroutine.
func listed(int) {
	go assignThousand(nil)
	for i := 0; i < 1000; i++ {
		delete(shared, i)
	}
}

// listedWaits is the same, but the caller does wait before the process ends.
func listedWaits(int) {
	var done sync.WaitGroup
	done.Add(1)
	go assignThousand(&done)
	for i := 0; i < 1000; i++ {
		delete(shared, i)
	}
	done.Wait()
}

func assignThousand(done *sync.WaitGroup) {
	for i := 0; i < 1000; i++ {
		shared[i] = "v"
	}
	if done != nil {
		done.Done()
	}
}
