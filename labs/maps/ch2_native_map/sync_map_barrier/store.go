// Stores while the collector marks.
package main

import "runtime"

const links = 300000

// marking stores again and again while another goroutine collects again and again. The list takes the collector a
// while, since each of its objects is found only through the one before.
func marking() {
	for i := 0; i < links; i++ {
		large = &payload{next: large}
	}
	ordinary = map[int]*payload{}
	go func() {
		for {
			runtime.GC()
		}
	}()
	for i := 0; ; i++ {
		p := &payload{}
		storeShared(i, p)
		storeAgain(i, p)
		storeOrdinary(i, p)
		if i%100 == 0 {
			runtime.Gosched()
		}
	}
}

// storeShared stores a key that is not there yet.
//
//go:noinline
func storeShared(key int, p *payload) { shared.Store(key, p) }

// storeAgain stores a key that is there.
//
//go:noinline
func storeAgain(key int, p *payload) { shared.Store(key, p) }

//go:noinline
func storeOrdinary(key int, p *payload) { ordinary[key] = p }
