// Queues of our own, for comparison: one without a lock, whose ends change by compare-and-swap alone, and one that is
// never empty because it begins with a waiter that nobody is.
package main

import (
	"sync/atomic"
	"unsafe"
)

// A node waits in a casQueue. Its pointers have no type, as sync/atomic wants them.
type node struct{ next unsafe.Pointer }

type casQueue struct{ first, last unsafe.Pointer }

const patience = 1000 // attempts to enqueue before giving up

var (
	own   casQueue
	nodes [waiters]node
)

// enqueueByCAS hangs the node on the last one and then moves the end of the queue, as long as nobody else is seen to
// do so; it says whether it came to an end.
//
//go:noinline
func enqueueByCAS(q *casQueue, n *node) bool {
	for i := 0; i < patience; i++ {
		end := (*node)(atomic.LoadPointer(&q.last))
		hook := &q.first
		if end != nil {
			hook = &end.next
		}
		if atomic.CompareAndSwapPointer(hook, nil, unsafe.Pointer(n)) &&
			atomic.CompareAndSwapPointer(&q.last, unsafe.Pointer(end), unsafe.Pointer(n)) {
			return true
		}
	}
	return false
}

func ownQueue() {
	hold()
	for i := range nodes {
		enqueueByCAS(&own, &nodes[i])
		hold()
	}
	begins.qcount++ // keeps the type in the binary
}

// A dummy begins its queue.
var (
	spare  node
	begun  = casQueue{unsafe.Pointer(&spare), unsafe.Pointer(&spare)}
	queued [waiters]node
)

//go:noinline
func enqueueAfterDummy(n *node) {
	(*node)(begun.last).next = unsafe.Pointer(n)
	begun.last = unsafe.Pointer(n)
}

func dummyQueue() {
	hold()
	for i := range queued {
		enqueueAfterDummy(&queued[i])
		hold()
	}
}

// lockFirst begins with its lock.
type lockFirst struct {
	lock   uintptr
	qcount uint
	buf    unsafe.Pointer
}

var begins lockFirst
