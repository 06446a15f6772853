package main

import "runtime"

// race has two goroutines assign to one map without any order, while the collector runs all the time.
func (l *lab) race(times int) {
	go func() {
		for {
			runtime.GC()
		}
	}()
	m := empty(l.kind)
	done := make(chan bool)
	for worker := 0; worker < 2; worker++ {
		go func(worker int) {
			for i := 0; i < times; i++ {
				n := 2*i + worker
				m.put(&value{number: n, complement: ^n})
			}
			done <- true
		}(worker)
	}
	<-done
	<-done
	l.check(m, 0, 2*times)
}
