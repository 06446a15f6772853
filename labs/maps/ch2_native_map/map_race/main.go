// Each word on the command line lets two goroutines write to one map; the race detector looks on. To be seen: which of
// these writes it reports.
package main

import (
	"os"
	"strconv"
	"sync"
)

func main() {
	experiments := map[string]func(){
		"once":   once,
		"many":   many,
		"plain":  plain,
		"locked": locked,
		"sync":   syncMap,
	}
	experiments[os.Args[1]]()
}

// both lets two goroutines do it and waits for the two.
func both(do func(who int)) {
	var done sync.WaitGroup
	done.Add(2)
	for who := 0; who < 2; who++ {
		who := who
		go func() { defer done.Done(); do(who) }()
	}
	done.Wait()
}

// once has the shape of the article's program: each goroutine assigns one key of its own.
func once() {
	m := map[string]string{}
	both(func(who int) {
		if who == 0 {
			m["key1"] = "val1"
		} else {
			m["key2"] = "val2"
		}
	})
}

const keys = 100

// key is another one for each goroutine.
func key(who, i int) string { return strconv.Itoa(who) + "/" + strconv.Itoa(i%keys) }

// many assigns to a map that has all the keys already, so that it does not grow meanwhile.
func many() {
	m := map[string]string{}
	for i := 0; i < keys; i++ {
		m[key(0, i)], m[key(1, i)] = "old", "old"
	}
	both(func(who int) {
		for i := 0; i < 3*keys; i++ {
			m[key(who, i)] = "val"
		}
	})
}

// plain is a map in which nothing grows, and which holds no pointer that a write barrier could be about.
func plain() {
	m := map[int]int{}
	for i := 0; i < 2*keys; i++ {
		m[i] = 0
	}
	both(func(who int) {
		for i := 0; i < 3*keys; i++ {
			m[who*keys+i%keys] = i
		}
	})
}

func locked() {
	m := map[string]string{}
	var mu sync.Mutex
	both(func(who int) {
		for i := 0; i < 3*keys; i++ {
			mu.Lock()
			m[key(who, i)] = "val"
			mu.Unlock()
		}
	})
}

// syncMap writes to a sync.Map in every way there is: to keys of each goroutine's own and to common ones, new and old.
func syncMap() {
	var m sync.Map
	both(func(who int) {
		for i := 0; i < 3*keys; i++ {
			m.Store(key(who, i), "val")
			m.Store(key(2, i), "val")
			m.LoadOrStore(key(3, i), "val")
			m.CompareAndSwap(key(2, i), "val", "other")
			m.Swap(key(2, i+1), "val")
			if i%3 == 0 {
				m.Delete(key(2, i+2))
				m.LoadAndDelete(key(who, i))
			}
		}
	})
}
