// Channels whose lines are prepared and which are then used, and waits between.
package main

import (
	"math/rand"
	"time"
	"unsafe"
)

const (
	channels = 48  // used one after the other in each window, in an order that no prefetcher knows
	slots    = 576 // of each; with its header a channel fills 76 lines, so that they do not all begin at one place of a page
)

// flush has the cache line of that address written back and dropped from every cache.
//
//go:noescape
func flush(line unsafe.Pointer)

// order lets nothing behind it begin before everything in front of it is done.
//
//go:noescape
func order()

// header is how every release begins its channels (runtime/chan.go, hchan).
type header struct {
	qcount, dataqsiz uint
	buf              unsafe.Pointer
}

// rings are channels with nothing in them, all of which are at the same slot.
type rings struct {
	channels [channels]chan uint64
	bufs     [channels]unsafe.Pointer
	order    []int
	_        line
	slot     uintptr
	_        line
	sum      uint64
}

func newRings() *rings {
	r := &rings{order: rand.New(rand.NewSource(2)).Perm(channels)}
	for i := range r.channels {
		r.channels[i] = make(chan uint64, slots)
		r.bufs[i] = (*(**header)(unsafe.Pointer(&r.channels[i]))).buf
	}
	for i := 0; i < slots; i++ { // every slot has been used before time is taken
		r.useFreely()
	}
	return r
}

// next is where the next element that is sent to the channel will lie. Nobody looks into the channel for it, whose
// lines are to stay where they are.
func (r *rings) next(i int) *uint64 { return (*uint64)(unsafe.Add(r.bufs[i], r.slot*8)) }

// useFreely sends to and receives from every channel, and lets the processor overlap what it can.
//
//go:noinline
func (r *rings) useFreely() {
	for _, i := range r.order {
		r.channels[i] <- r.sum
		r.sum += <-r.channels[i]
	}
	r.slot = (r.slot + 1) % slots
}

// use does so too, each time after so many steps of counting, and without any overlap.
//
//go:noinline
func (r *rings) use(steps int) {
	for _, i := range r.order {
		x := wait(steps, r.sum)
		r.channels[i] <- x
		r.sum += <-r.channels[i]
	}
	r.slot = (r.slot + 1) % slots
}

// onlyWait does as much waiting as use, and nothing else.
//
//go:noinline
func (r *rings) onlyWait(steps int) {
	for range r.order {
		r.sum += wait(steps, r.sum)
	}
}

// wait counts, and overlaps with nothing before or after it.
func wait(steps int, x uint64) uint64 {
	order()
	x = spin(steps, x)
	order()
	return x
}

// spin takes the same time for each of its steps, none of which can begin before the one before is done.
//
//go:noinline
func spin(steps int, x uint64) uint64 {
	for ; steps > 0; steps-- {
		x = x*0x9E3779B97F4A7C15 + 1
	}
	return x
}

// steps are so many that they take about that time.
func steps(ns float64) int {
	const many = 20000
	best := time.Hour
	for i := 0; i < 20; i++ {
		began := time.Now()
		spin(many, 1)
		if took := time.Since(began); took < best {
			best = took
		}
	}
	return int(ns*many/float64(best) + 0.5)
}
