package main

import (
	"runtime"
	"unsafe"
)

const (
	before = 370 // entries before the growth that is looked for, which is the next one
	room   = 180 // so many more: until then every kind has grown, and old buckets are empty
	nodes  = 100_000
	wait   = 50_000
)

// A list keeps the collector busy, one node after the other. What hangs on a node is looked at before the next one.
type node struct {
	next *node
	held *holder
}

type holder struct {
	entries entries
	older   *holder
}

var list *node

// at is a node of the list, held in a way that the collector does not see: what it finds on a stack it looks at before
// the list.
type at uintptr

func (a at) node() *node { return *(**node)(unsafe.Pointer(&a)) }

// grow has goroutine A put entries in, starts the collector, and has goroutine B put more in until the map grows, while
// the collector marks. The map hangs on the last or on the first node of the list: it grows before the collector has
// seen it, or after.
func (l *lab) grow(times int) {
	first, last := makeList()
	for attempt := 0; l.repetitions < times && attempt < 5*times; attempt++ {
		if attempt%2 == 0 {
			l.once(last, 0)
		} else {
			l.once(first, wait)
		}
	}
	if l.finalizers {
		waitForFinalizers()
	}
	runtime.KeepAlive(list)
}

//go:noinline
func makeList() (first, last at) {
	list = &node{}
	end := list
	for i := 0; i < nodes; i++ {
		end.next = &node{}
		end = end.next
	}
	return at(unsafe.Pointer(list)), at(unsafe.Pointer(end))
}

// once holds nothing that it does not need: where a goroutine is interrupted the collector looks at all of its frame.
func (l *lab) once(where at, spins int) {
	from := l.next
	inTurn(func() { l.fill(where) })
	collected := make(chan bool)
	go func() {
		runtime.GC() // which ends when all that was not marked has been freed
		close(collected)
	}()
	for !marking() && !closed(collected) {
	}
	for i := 0; i < spins && marking(); i++ {
	}
	grew := false
	inTurn(func() { grew = l.enlarge(where) })
	<-collected
	l.inspect(where, from, grew)
}

// fill is what A does.
//
//go:noinline
func (l *lab) fill(where at) {
	held := &holder{entries: empty(l.kind), older: where.node().held}
	where.node().held = held
	for i := 0; i < before; i++ {
		l.add(held.entries)
	}
}

//go:noinline
func (l *lab) inspect(where at, from int, grew bool) {
	held := where.node().held
	if grew {
		l.repetitions++
		l.lastLost += l.check(held.entries, from+before-1, from+before) // the last one that A put in
		l.check(held.entries, from, from+before-1)
		l.check(held.entries, from+before, l.next)
	} else {
		l.missed++
	}
	if !l.finalizers { // these are to have no other reason to run than that entries are lost
		held.entries.forget()
		where.node().held = nil
	}
}

// enlarge is what B does. It is true if there was an assignment that made the map grow, with the barrier on before and
// after it, and after the last assignment too.
//
//go:noinline
func (l *lab) enlarge(where at) bool {
	to, whileMarking := where.node().held.entries, false
	for i := 0; i < room; i++ {
		was, on := to.shape(), marking()
		l.add(to)
		if to.shape() != was {
			l.growths++
			if on && marking() {
				l.marked++
				whileMarking = true
			}
		}
	}
	return whileMarking && marking()
}

// inTurn lets a goroutine of its own do something, and waits for it.
func inTurn(do func()) {
	done := make(chan bool)
	go func() {
		do()
		close(done)
	}()
	<-done
}

func closed(c chan bool) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}
