// Many readers beside a writer.
package main

import (
	"sync"
	"sync/atomic"
)

const readers = 4

// beside lets the readers look up n keys each while one more goroutine keeps writing.
func beside(n int, read, write func(key int)) {
	var done sync.WaitGroup
	var over atomic.Bool
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		for i := 0; !over.Load(); i++ {
			write(i % (2 * keys))
		}
	}()
	done.Add(readers)
	for r := 0; r < readers; r++ {
		go func() {
			defer done.Done()
			for i := 0; i < n; i++ {
				read(i % keys)
			}
		}()
	}
	done.Wait()
	over.Store(true)
	<-stopped
}

// loadFrequently loads while another goroutine stores and deletes.
func loadFrequently() {
	fill(&shared)
	beside(loads, func(key int) { shared.Load(key) }, func(key int) {
		shared.Store(key, key)
		shared.Delete(key)
	})
}

// loadOrdinary does the same with an ordinary map, and for longer: on a busy machine reader and writer need time to
// meet.
func loadOrdinary() {
	m := map[int]int{}
	beside(1000*loads, func(key int) { _ = m[key] }, func(key int) {
		m[key] = key
		delete(m, key)
	})
}
