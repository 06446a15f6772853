// The same functions with the processor's own atomic instructions, while one thread is held at a chosen step.
package main

import (
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	"unsafe"
)

// A place holds a pointer to a waiter's name.
type place struct{ pointer unsafe.Pointer }

// names makes a word one pointer, always the same.
var names = map[word]unsafe.Pointer{null: nil}

// real is memory as it is. Its owner is held before the step of number hold.
type real struct {
	places  map[cell]*place
	hold    int
	held    func()
	steps   atomic.Int64
	touched atomic.Int64 // steps that touched a queue, not a lock
}

func (r *real) again() {}

func (r *real) at(c cell) *unsafe.Pointer {
	if step := r.steps.Add(1); int(step) == r.hold {
		r.held()
	}
	if c != lock {
		r.touched.Add(1)
	}
	return &r.places[c].pointer
}

func (r *real) load(c cell) word     { return name(atomic.LoadPointer(r.at(c))) }
func (r *real) store(c cell, w word) { atomic.StorePointer(r.at(c), names[w]) }
func (r *real) swap(c cell, old, new word) bool {
	return atomic.CompareAndSwapPointer(r.at(c), names[old], names[new])
}

func name(p unsafe.Pointer) word {
	for w, known := range names {
		if known == p {
			return w
		}
	}
	panic("a pointer that nobody has written")
}

const patience = 100000 // steps

// hold lets one thread work until its step of that number. Then another one works until it has ended, or has made so
// many steps that it seems to wait for the first. Then the first may go on, and both come to their ends.
func hold(label string, begins map[cell]word, step int, wanted map[queue][]word, one, other func(memory)) {
	places := map[cell]*place{}
	for _, c := range []cell{"q.first", "q.last", "r.first", "r.last", "aa.next", "bb.next", "xx.next", lock, top} {
		places[c] = &place{names[begins[c]]}
	}
	first, second := &real{places: places, hold: step}, &real{places: places}
	ended := make(chan bool)
	var could bool
	var touched int64
	var half string
	first.held = func() {
		half = state(places)
		go func() { defer close(ended); other(second) }()
		for second.steps.Load() < patience && !could {
			select {
			case <-ended:
				could = true
			default:
				runtime.Gosched()
			}
		}
		touched = second.touched.Load()
	}
	one(first)
	<-ended
	fmt.Printf("{\"label\":%q,\"other_ended\":%v,\"other_touched\":%d,\"while_held\":%q,\"after\":%q,\"astray\":%v}\n",
		label, could, touched, half, state(places), isAstray(words(places), wanted))
}

func words(places map[cell]*place) map[cell]word {
	shared := map[cell]word{}
	for c, p := range places {
		shared[c] = name(atomic.LoadPointer(&p.pointer))
	}
	return shared
}

func state(places map[cell]*place) string {
	shared := words(places)
	var told []string
	for _, c := range cells(shared) {
		told = append(told, fmt.Sprintf("%s=%s", c, shared[c]))
	}
	return strings.Join(told, " ")
}

func held() {
	for _, w := range []word{"aa", "bb", "xx", "on"} {
		w := w
		names[w] = unsafe.Pointer(&w)
	}
	come := func(waiter word) func(memory) {
		return func(m memory) { byTwoSwaps(m, "q", waiter, forever) }
	}
	comeLocked := func(waiter word) func(memory) { return func(m memory) { underLock(m, "q", waiter) } }
	// By its steps: what each of the three ways to append does first, second, ...
	hold("two CAS, between them", nil, 3, two, come("aa"), come("bb"))
	hold("lock, between the stores", nil, 5, two, comeLocked("aa"), comeLocked("bb"))
	hold("stack, before its CAS", nil, 3, nil, func(m memory) { push(m, "aa") }, func(m memory) { push(m, "bb") })
	hold("two CAS, before them", occupied, 2, moved, come("aa"),
		func(m memory) { byTwoSwaps(m, "r", takeByStores(m, "q"), forever) })
	hold("lock, before the stores", occupied, 4, moved, comeLocked("aa"),
		func(m memory) { underLock(m, "r", takeUnderLock(m, "q")) })
}
