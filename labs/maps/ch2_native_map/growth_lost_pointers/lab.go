package main

import (
	"fmt"
	"runtime"
	"sync/atomic"
)

// finalized counts the values that the collector has found to be unreachable.
var finalized int64

// lab numbers the entries and counts what the experiments see.
type lab struct {
	kind       string
	finalizers bool
	next       int

	repetitions, growths, marked, missed, unfinishedMaps, entries, lost, lastLost int
}

func (l *lab) print() {
	fmt.Printf(`{"repetitions":%d,"growths":%d,"growths_while_marking":%d,"missed":%d,"unfinished":%d,`,
		l.repetitions, l.growths, l.marked, l.missed, l.unfinishedMaps)
	fmt.Printf(`"entries":%d,"lost":%d,"last_lost":%d,"finalized":%d}`+"\n",
		l.entries, l.lost, l.lastLost, atomic.LoadInt64(&finalized))
}

// add puts one more entry in; its key and its value are known to nobody else.
//
//go:noinline
func (l *lab) add(to entries) {
	v := &value{number: l.next, complement: ^l.next}
	if l.finalizers {
		runtime.SetFinalizer(v, func(*value) { atomic.AddInt64(&finalized, 1) })
	}
	to.put(v)
	l.next++
}

// check counts the entries in [from, to) that are no longer there as they were put in.
//
//go:noinline
func (l *lab) check(in entries, from, to int) (lost int) {
	for n := from; n < to; n++ {
		if v := in.get(n); v == nil || v.number != n || v.complement != ^n {
			lost++
		}
	}
	l.entries += to - from
	l.lost += lost
	return lost
}

// waitForFinalizers runs collections and waits after each until a finalizer that it called for has run. They run one
// after the other, in the order of the collections.
func waitForFinalizers() {
	for i := 0; i < 4; i++ {
		ran := make(chan bool)
		abandon(ran)
		runtime.GC()
		<-ran
	}
}

//go:noinline
func abandon(ran chan bool) {
	runtime.SetFinalizer(new(value), func(*value) { close(ran) })
}
