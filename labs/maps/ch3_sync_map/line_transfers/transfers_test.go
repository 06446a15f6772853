// One core has a number of cache lines; another one touches them, or does not; then the first one uses them again. To be
// seen: what that costs the first core, in cycles. Both stay on cores of their own, and take turns in windows of some
// hundred microseconds, which count only if each had its core all the time.
package main

import (
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unsafe"
)

const (
	count  = 16 // lines: so many that the readings of the counter hardly matter
	turns  = 20 // in one window
	stride = 4096 + 3*128
	loops  = 400
	adds   = 10000
)

// The words of a line: the first one leads to the next line, some are for one core's compare-and-swaps each.
const (
	link   = 0
	mine   = 24 // holds 0
	wrong  = 32 // never holds 0
	theirs = 40 // holds 0
)

// lines lie far apart, each at the same place in 128 bytes: some processors fetch two lines at a time, and take both
// away from another core.
type lines struct {
	memory [(count + 2) * stride]byte
	place  int
}

// What lies before the first half of 128 bytes is in no pair with it, and so is what lies behind the second half.
const firstHalf, secondHalf = 0, 64

func (l *lines) word(line, offset int) *uint64 {
	begin := uintptr(unsafe.Pointer(&l.memory))
	first := int((begin+stride)&^127-begin) + l.place
	return (*uint64)(unsafe.Add(unsafe.Pointer(&l.memory), first+line*stride+offset))
}

// each is something done to a word of every line.
func (l *lines) each(offset int, do func(word *uint64)) func() {
	return func() {
		for line := 0; line < count; line++ {
			do(l.word(line, offset))
		}
	}
}

func newLines(place int) *lines {
	l := &lines{place: place}
	// Not in order of their addresses, so that nothing fetches ahead. Seven and the number of lines have no factor in
	// common.
	for line := 0; line < count; line++ {
		*l.word(line, link) = uint64(uintptr(unsafe.Pointer(l.word((line+7)%count, link))))
		*l.word(line, wrong) = 1
	}
	return l
}

// A cell is what the two cores do in turn: first this one, then the other one, then this one, timed.
type cell struct {
	name    string
	prepare func()
	touch   func()
	access  func() int64
	each    float64 // how many accesses that are
	again   func() int64
}

func cells(l *lines) []cell {
	read := func(word *uint64) { atomic.LoadUint64(word) }
	store := func(offset int) func() { return l.each(offset, func(word *uint64) { *word = 1 }) }
	load := func() int64 { return follow(l.word(0, link), count) }
	swap := func() int64 { return swapEach(l.word(0, mine), 0, 0, stride, count) }
	fail := func() int64 { return swapEach(l.word(0, wrong), 0, 2, stride, count) }
	have, own := func() { load(); load() }, func() { swap(); swap() }
	leave := func() {}
	found := []cell{
		{"untouched-load", have, leave, load, count, nil},
		{"loaded-load", have, l.each(theirs, read), load, count, nil},
		{"stored-load", have, store(8), load, count, load},
		{"swapped-load", have, l.each(theirs, func(word *uint64) { atomic.CompareAndSwapUint64(word, 0, 0) }), load, count, nil},
		{"failed-swap-load", have, l.each(theirs, func(word *uint64) { atomic.CompareAndSwapUint64(word, 9, 9) }), load, count, nil},
		{"untouched-swap", own, leave, swap, count, nil},
		{"stored-swap", own, store(8), swap, count, nil},
		{"untouched-fail", own, leave, fail, count, nil},
		// The other core changes the very word, which is why a compare-and-swap fails.
		{"stored-fail", own, store(wrong), fail, count, nil},
		{"own-swap", leave, leave, func() int64 { return swapOne(l.word(0, mine), 0, 0, loops) }, loops, nil},
		{"own-fail", leave, leave, func() int64 { return swapOne(l.word(0, wrong), 0, 2, loops) }, loops, nil},
		{"own-fail-pause", leave, leave, func() int64 { return swapOneAndPause(l.word(0, wrong), 0, 2, loops) }, loops, nil},
	}
	for _, offset := range []int{-8, 48, 56, 64, 72, 120} {
		at := newLines(secondHalf)
		if offset < 0 {
			at = newLines(firstHalf)
		}
		load := func() int64 { return follow(at.word(0, link), count) }
		store := at.each(offset, func(word *uint64) { *word = 1 })
		name := "stored-at-" + strconv.Itoa(offset) + "-load"
		found = append(found, cell{name, func() { load(); load() }, store, load, count, nil})
	}
	return found
}

// A window is what came of one cell in some turns, in cycles of the core.
type window struct {
	access, again, ticks float64
	laps                 [2]lap
}

func (w window) clean() bool {
	for _, l := range w.laps {
		if l.wall-l.cpu > l.wall/50 {
			return false
		}
	}
	return true
}

type court struct {
	cells   []cell
	windows [][]window // by cell
	turn    line
	began   time.Time
}

func (c *court) at() lap { return lap{wall: time.Since(c.began), cpu: threadTime()} }

func since(start, end lap) lap { return lap{wall: end.wall - start.wall, cpu: end.cpu - start.cpu} }

// first times its accesses. A turn is its own while the count is even.
func (c *court) first(rounds int) {
	turn := int64(0)
	for round := 0; round < rounds; round++ {
		for number := range c.cells {
			one, now := &c.cells[number], &c.windows[number][round]
			start, accesses, again, empty := c.at(), int64(0), int64(0), int64(0)
			for i := 0; i < turns; i++ {
				one.prepare()
				c.turn.value.Store(turn + 1)
				for c.turn.value.Load() != turn+2 {
				}
				turn += 2
				accesses += one.access()
				if one.again != nil {
					again += one.again()
				}
				empty += nothing()
			}
			perCycle := (float64(add(adds)) - float64(empty)/turns) / adds
			now.laps[0] = since(start, c.at())
			cycles := func(ticks int64) float64 { return float64(ticks-empty) / turns / one.each / perCycle }
			now.access, now.again, now.ticks = cycles(accesses), cycles(again), perCycle
		}
	}
}

// second touches the lines when it is its turn.
func (c *court) second(rounds int) {
	turn := int64(0)
	for round := 0; round < rounds; round++ {
		for number := range c.cells {
			touch, start := c.cells[number].touch, c.at()
			for i := 0; i < turns; i++ {
				for c.turn.value.Load() != turn+1 {
				}
				touch()
				turn += 2
				c.turn.value.Store(turn)
			}
			c.windows[number][round].laps[1] = since(start, c.at())
		}
	}
}

func medianOf(windows []window, value func(w window) float64) float64 {
	var all []float64
	for _, w := range windows {
		if w.clean() {
			all = append(all, value(w))
		}
	}
	if len(all) == 0 {
		return 0
	}
	return median(all)
}

// play runs b.N windows of each cell and reports the median of the clean ones.
func (c *court) play(b *testing.B, cores []int) {
	var ended sync.WaitGroup
	for thread, run := range []func(rounds int){c.first, c.second} {
		ended.Add(1)
		go func(core int, run func(rounds int)) {
			defer ended.Done()
			runtime.LockOSThread() // and never unlocked: the thread ends with the goroutine
			pin(core)
			run(b.N)
		}(cores[thread], run)
	}
	ended.Wait()
	fewest := b.N
	var ticks []float64
	for number, one := range c.cells {
		clean := 0
		for _, w := range c.windows[number] {
			if w.clean() {
				clean++
			}
		}
		if clean < fewest {
			fewest = clean
		}
		b.ReportMetric(medianOf(c.windows[number], func(w window) float64 { return w.access }), one.name+"-cycles")
		if one.again != nil {
			b.ReportMetric(medianOf(c.windows[number], func(w window) float64 { return w.again }), one.name+"-again-cycles")
		}
		ticks = append(ticks, medianOf(c.windows[number], func(w window) float64 { return w.ticks }))
	}
	b.ReportMetric(float64(fewest), "clean-turns")
	b.ReportMetric(median(ticks), "ticks/cycle")
}

func BenchmarkTransfers(b *testing.B) {
	cores := allowedCores()
	if len(cores) < 2 {
		b.ReportMetric(0, "clean-turns")
		return
	}
	c := &court{cells: cells(newLines(firstHalf)), began: time.Now()}
	for range c.cells {
		c.windows = append(c.windows, make([]window, b.N))
	}
	ticks, wall := now(), time.Now()
	c.play(b, cores)
	b.ReportMetric(float64(time.Since(wall))/float64(now()-ticks), "ns/tick")
	b.ReportMetric(float64(flushSize()), "flush-bytes")
	b.ReportMetric(kernelsLine(), "kernel-bytes")
	compareSwaps(b)
}

// compareSwaps looks at compare-and-swaps of two cores that have nothing in common, and that have a line in common.
func compareSwaps(b *testing.B) {
	l, away := newLines(firstHalf), newLines(firstHalf)
	loop := func(word *uint64) func(n int) { return func(n int) { swapOne(word, 0, 0, n) } }
	here, beside, far := loop(l.word(0, mine)), loop(l.word(0, theirs)), loop(away.word(1, mine))
	compare(b,
		arrangement{"swap-alone", []func(int){here}},
		arrangement{"swap-beside", []func(int){here, far}},
		arrangement{"swap-one-line", []func(int){here, beside}},
	)
}

// kernelsLine is the size of a line of the first-level cache as the kernel tells it; 0 if it does not.
func kernelsLine() float64 {
	text, err := os.ReadFile("/sys/devices/system/cpu/cpu0/cache/index0/coherency_line_size")
	if err != nil {
		return 0
	}
	size, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0
	}
	return float64(size)
}
