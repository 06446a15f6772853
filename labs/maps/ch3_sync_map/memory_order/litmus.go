// Store buffering: two threads each write one word and then read the other's. If every access takes part in one order,
// the thread whose write comes second in it must see the other's write. A processor whose writes wait in a buffer while
// it goes on reading lets both see nothing (Intel SDM volume 3A, 8.2.3.4), and so does one with release and acquire only.
package main

import (
	"fmt"
	"runtime"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"
)

const (
	batch     = 512
	leastEach = 100_000 // iterations of each arm
	enough    = 1_000   // outcomes in which neither saw the other's write, with plain accesses
	longest   = 20 * time.Second
)

type arm func(mine, other *unsafe.Pointer, value unsafe.Pointer) unsafe.Pointer

// counts are how the iterations of one arm came out.
type counts struct {
	Iterations int
	Both       int // both threads saw the other's write
	One        int // just one did
	Neither    int
}

// apart has two cache lines for itself: some processors fetch lines in pairs.
type apart struct {
	word unsafe.Pointer
	_    [120]byte
}

type place struct{ x, y apart }

var (
	places [batch]place
	saw    [2][batch]bool
	at     [2]struct {
		arrived atomic.Int64
		_       [120]byte
	}
)

func litmus() {
	processors := allowed()
	arms := []arm{plainly, atomically}
	var found [2]counts
	begun := make(chan arm)
	ended := make(chan bool)
	if len(processors) > 1 {
		go other(processors[1], begun, ended)
		runtime.LockOSThread()
		pin(processors[0])
		start := time.Now()
		for turn := 0; ; turn++ {
			over := found[0].Iterations >= leastEach && found[0].Neither >= enough
			if turn%2 == 0 && (over || time.Since(start) > longest) {
				break
			}
			places = [batch]place{}
			begun <- arms[turn%2]
			side(0, arms[turn%2])
			<-ended
			found[turn%2].add()
		}
	}
	fmt.Printf(`{"processors": %d, "plain": %v, "atomic": %v}`, len(processors), found[0], found[1])
}

func other(processor int, begun chan arm, ended chan bool) {
	runtime.LockOSThread()
	pin(processor)
	for f := range begun {
		side(1, f)
		ended <- true
	}
}

// side does one thread's part of a batch. The threads meet before each iteration.
func side(me int, f arm) {
	first := at[me].arrived.Load()
	for i := range places {
		mine, others := &places[i].x.word, &places[i].y.word
		if me == 1 {
			mine, others = others, mine
		}
		now := first + int64(i) + 1
		at[me].arrived.Store(now)
		for at[1-me].arrived.Load() < now {
		}
		saw[me][i] = f(mine, others, unsafe.Pointer(&value)) != nil
	}
}

func (c counts) String() string {
	const form = `{"iterations": %d, "both": %d, "one": %d, "neither": %d}`
	return fmt.Sprintf(form, c.Iterations, c.Both, c.One, c.Neither)
}

func (c *counts) add() {
	for i := range places {
		c.Iterations++
		switch {
		case saw[0][i] && saw[1][i]:
			c.Both++
		case saw[0][i] || saw[1][i]:
			c.One++
		default:
			c.Neither++
		}
	}
}

// allowed are the processors that this process may run on.
func allowed() (found []int) {
	var mask [16]uint64
	size := unsafe.Sizeof(mask)
	syscall.RawSyscall(syscall.SYS_SCHED_GETAFFINITY, 0, size, uintptr(unsafe.Pointer(&mask)))
	for i := 0; i < len(mask)*64; i++ {
		if mask[i/64]>>(i%64)&1 == 1 {
			found = append(found, i)
		}
	}
	return found
}

// pin keeps the calling thread on one processor. Where that is refused it goes on as it is.
func pin(processor int) {
	var mask [16]uint64
	mask[processor/64] = 1 << (processor % 64)
	size := unsafe.Sizeof(mask)
	syscall.RawSyscall(syscall.SYS_SCHED_SETAFFINITY, 0, size, uintptr(unsafe.Pointer(&mask)))
}
