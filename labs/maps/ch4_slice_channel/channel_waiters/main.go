// Goroutines that wait on a channel, one after the other, and are served. Each word on the command line is a small
// experiment. To be seen by a debugger: which instructions touch the ends of the channel's two queues, and whether
// they do so while the channel's lock is held.
package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"sync"
)

const waiters = 3

// line is the channel under test, other one that a select waits on too. They are package variables so that a debugger
// can name them.
var (
	line  = make(chan int)
	other = make(chan int)
)

func main() {
	debug.SetGCPercent(-1) // the collector would read the queues as well
	experiments := map[string]func(){
		"receivers": func() { wait(receive, func() { line <- 0 }) },
		"senders":   func() { wait(send, func() { <-line }) },
		"selects":   withdraw,
		"close":     closeIt,
		"crowd":     crowd,
		"own":       ownQueue,
		"dummy":     dummyQueue,
		"order":     order,
	}
	experiments[os.Args[1]]()
}

// hold is where a debugger stops the program; it does nothing.
//
//go:noinline
func hold() {}

// settle lets every goroutine run until it waits. There is one processor for Go code.
func settle() {
	for i := 0; i < 2*waiters; i++ {
		runtime.Gosched()
	}
}

func receive() { <-line }
func send()    { line <- 0 }

// wait has the goroutines come to wait on the line, then serves them all.
func wait(do, serve func()) {
	hold()
	for i := 0; i < waiters; i++ {
		go do()
		settle()
		hold()
	}
	for i := 0; i < waiters; i++ {
		serve()
	}
	settle()
	hold()
}

// withdraw has three goroutines wait to receive from the line, the second of them also from the other channel, from
// which it gets something: it leaves the line's queue from between the two others.
func withdraw() {
	go receive()
	settle()
	go func() {
		select {
		case <-line:
		case <-other:
		}
	}()
	settle()
	go receive()
	settle()
	hold()
	other <- 0
	settle()
	hold()
}

func closeIt() {
	for i := 0; i < waiters; i++ {
		go receive()
		settle()
	}
	hold()
	close(line)
	settle()
	hold()
}

// crowd has many goroutines send and receive at the same time, on several threads.
func crowd() {
	const goroutines, each = 8, 40
	var done sync.WaitGroup
	hold()
	for i := 0; i < goroutines; i++ {
		i := i
		done.Add(1)
		go func() {
			defer done.Done()
			for n := 0; n < each; n++ {
				if i%2 == 0 {
					line <- n
				} else {
					<-line
				}
			}
		}()
	}
	done.Wait()
	hold()
}
