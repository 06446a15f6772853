// What it costs a send and a receive if the channel's cache lines are not there. To be seen: the time of a send and a
// receive on one thread with everything in its core's cache; after another core has used the channel, or has written the
// slot's line; and with the slot's line in no cache at all. In between the same is done to lines that the channel does
// not use, so that nothing else differs.
package main

import (
	"math/rand"
	"runtime"
	"runtime/debug"
	"sync/atomic"
	"testing"
	"time"
	"unsafe"
)

const (
	savedNs = 15  // what the article says that lines kept save
	missNs  = 300 // and what it says that a miss costs
)

// What is done before a send and a receive, by whom.
type preparation int

const (
	flushes  preparation = iota // this core drops the line of a slot
	writes                      // another core writes the line of a slot
	usesOnce                    // another core sends to a channel and receives from it
)

// A way is what is done before, and beside, a send and a receive.
type way struct {
	name  string
	does  preparation
	here  bool // to the channels and slots that are used next; else to others
	free  bool // the processor may overlap what it can
	steps int  // of counting before each send
	alone bool // nothing but the counting is done
}

// another is the thread on the other core: it does what it is asked for.
type another struct {
	asked, done line
	does        preparation
	to          *rings
}

func (a *another) work(turns int) {
	for turn := int64(1); turn <= int64(turns); turn++ {
		for a.asked.value.Load() < turn {
		}
		if a.does == usesOnce {
			a.to.useFreely()
		} else {
			for i := range a.to.channels {
				atomic.AddUint64(a.to.next(i), 1)
			}
		}
		a.done.value.Store(turn)
	}
}

func (a *another) ask(does preparation, to *rings) {
	a.does, a.to = does, to
	turn := a.asked.value.Add(1)
	for a.done.value.Load() < turn {
	}
}

// BenchmarkLine reports for each way the time of a send and a receive, as the median over windows in which the thread
// had its core. Whether the two cores are two is asked of windows of the other kind.
func BenchmarkLine(b *testing.B) {
	compare(b, arrangement{"pair", ownLines(2)})
	cores := allowedCores()
	if len(cores) < 2 {
		return
	}
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	saved, miss := steps(savedNs), steps(missNs)
	ways := []way{
		{name: "kept"},
		{name: "flushed", here: true},
		{name: "kept-waits-15", steps: saved},
		{name: "kept-waits-300", steps: miss},
		{name: "kept-beside-writer", does: writes},
		{name: "written", does: writes, here: true},
		{name: "kept-beside-user", does: usesOnce},
		{name: "used", does: usesOnce, here: true},
		{name: "waits-0", alone: true},
		{name: "waits-15", alone: true, steps: saved},
		{name: "waits-300", alone: true, steps: miss},
	}
	for _, w := range ways {
		if w.steps == 0 && !w.alone {
			w.name, w.free = "free-"+w.name, true
			ways = append(ways, w)
		}
	}
	turns := 0
	for _, w := range ways {
		if w.does != flushes {
			turns += b.N
		}
	}
	a, ended, times := &another{}, make(chan bool), make(chan map[string][]float64)
	go func() {
		runtime.LockOSThread() // and never unlocked: the thread ends with the goroutine
		pin(cores[1])
		a.work(turns)
		close(ended)
	}()
	go func() {
		runtime.LockOSThread()
		pin(cores[0])
		times <- inTurns(b.N, ways, a)
	}()
	found := <-times
	<-ended
	fewest := b.N
	for _, w := range ways {
		if len(found[w.name]) < fewest {
			fewest = len(found[w.name])
		}
		if len(found[w.name]) > 0 {
			b.ReportMetric(median(found[w.name]), w.name+"-ns/op")
		}
	}
	b.ReportMetric(float64(fewest), "clean-windows")
}

// inTurns has so many windows of each way, every time in another order: something of a window is left to the next one.
func inTurns(windows int, ways []way, a *another) map[string][]float64 {
	here, elsewhere := newRings(), newRings()
	found := map[string][]float64{}
	shuffled := rand.New(rand.NewSource(1))
	for i := 0; i < windows; i++ {
		for _, number := range shuffled.Perm(len(ways)) {
			if ns, clean := ways[number].window(here, elsewhere, a); clean {
				found[ways[number].name] = append(found[ways[number].name], ns)
			}
		}
	}
	return found
}

// window prepares every channel in one way and then takes the time of using them all.
func (w way) window(here, elsewhere *rings, a *another) (ns float64, clean bool) {
	for _, r := range []*rings{here, elsewhere} {
		r.useFreely()
		for i := range r.channels { // everything is in this core's cache, and changed
			atomic.AddUint64(r.next(i), 1)
		}
	}
	to := elsewhere
	if w.here {
		to = here
	}
	if w.does != flushes {
		a.ask(w.does, to)
	} else {
		for i := range to.channels {
			flush(unsafe.Pointer(to.next(i)))
		}
	}
	cpu, began := threadTime(), time.Now()
	switch {
	case w.alone:
		here.onlyWait(w.steps)
	case w.free:
		here.useFreely()
	default:
		here.use(w.steps)
	}
	wall := time.Since(began)
	cpu = threadTime() - cpu
	return float64(wall) / channels, wall <= cpu
}
