// Many goroutines that come to wait one after the other, and in which order they are served; and the queues of many
// fresh channels.
package main

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"unsafe"
)

// many goroutines wait at the same time.
const many = 300

// order prints one line for each way of waiting: the numbers of the goroutines in the order in which they were served.
// The offsets of the queues' words in the channel, and its size, stand on the command line: recvq.last, sendq.last, the
// four ends, size.
func order() {
	receivers, senders := offset(2), offset(3)
	fmt.Println("receivers", receiversServed(receivers))
	fmt.Println("senders", sendersServed(make(chan int), senders))
	full := make(chan int, 3)
	for i := 0; i < cap(full); i++ {
		full <- i
	}
	fmt.Println("senders, full buffer", sendersServed(full, senders)[cap(full):])
	fmt.Println("stack", stackServed())
	fmt.Println("run after close", runAfterClose(receivers))
	fresh([]uintptr{offset(4), offset(5), offset(6), offset(7)}, offset(8))
}

func offset(argument int) uintptr {
	n, err := strconv.Atoi(os.Args[argument])
	if err != nil {
		panic(err)
	}
	return uintptr(n)
}

// start has the goroutines 0, 1, ... wait on the channel: each begins when the one before it is the last in the queue.
func start(c chan int, last uintptr, do func(i int)) {
	end := (*unsafe.Pointer)(unsafe.Add(*(*unsafe.Pointer)(unsafe.Pointer(&c)), last))
	for i := 0; i < many; i++ {
		i, before := i, atomic.LoadPointer(end)
		go do(i)
		for atomic.LoadPointer(end) == before {
			runtime.Gosched()
		}
	}
}

func receiversServed(last uintptr) []int {
	c := make(chan int)
	served := make([]int, many)
	var done sync.WaitGroup
	done.Add(many)
	start(c, last, func(i int) {
		defer done.Done()
		served[<-c] = i
	})
	for turn := 0; turn < many; turn++ {
		c <- turn
	}
	done.Wait()
	return served
}

// sendersServed receives what the goroutines send: their numbers, those of a full buffer with an offset before them.
func sendersServed(c chan int, last uintptr) (served []int) {
	start(c, last, func(i int) { c <- i })
	for turn := 0; turn < many+cap(c); turn++ {
		served = append(served, <-c)
	}
	return served
}

// runAfterClose is the order in which receivers run after the channel has been closed.
func runAfterClose(last uintptr) (ran []int) {
	c := make(chan int)
	var mu sync.Mutex
	var done sync.WaitGroup
	done.Add(many)
	start(c, last, func(i int) {
		defer done.Done()
		<-c
		mu.Lock()
		ran = append(ran, i)
		mu.Unlock()
	})
	close(c)
	done.Wait()
	return ran
}

// stackServed serves first who came last: each waits on a channel of its own, kept in a stack.
func stackServed() []int {
	var stack []chan int
	served := make([]int, many)
	var done sync.WaitGroup
	done.Add(many)
	for i := 0; i < many; i++ {
		i, c := i, make(chan int)
		stack = append(stack, c)
		go func() {
			defer done.Done()
			served[<-c] = i
		}()
	}
	for turn := 0; turn < many; turn++ {
		stack[many-1-turn] <- turn
	}
	done.Wait()
	return served
}

// fresh makes channels in memory that has been used for something else and counts, of the words at these offsets, those
// that are not nil; and the same of channels on which a goroutine waits.
func fresh(words []uintptr, size uintptr) {
	used := map[uintptr]bool{}
	for i := 0; i < many*many; i++ {
		dirty := make([]uintptr, size/8)
		for word := range dirty {
			dirty[word] = ^uintptr(0)
		}
		used[uintptr(unsafe.Pointer(&dirty[0]))] = true
	}
	runtime.GC()
	made, again, notNil := make([]chan int, many*many), 0, 0
	for i := range made {
		made[i] = make(chan int)
		notNil += count(made[i], words)
		if used[*(*uintptr)(unsafe.Pointer(&made[i]))] {
			again++
		}
	}
	fmt.Println("fresh", []int{len(made), again, notNil})
	waited := 0
	for _, c := range made[:many] {
		c := c
		go func() { <-c }()
		for count(c, words) == 0 {
			runtime.Gosched()
		}
		waited += count(c, words)
	}
	fmt.Println("waited on", []int{many, 0, waited})
}

func count(c chan int, words []uintptr) (notNil int) {
	for _, word := range words {
		if atomic.LoadPointer((*unsafe.Pointer)(unsafe.Add(*(*unsafe.Pointer)(unsafe.Pointer(&c)), word))) != nil {
			notNil++
		}
	}
	return notNil
}
