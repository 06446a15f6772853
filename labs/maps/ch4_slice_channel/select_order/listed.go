package main

import (
	"os"
	"strconv"
	"sync"
)

// contend starts ten goroutines that each receive once from either channel; it is what the article's program does.
func contend(ch1, ch2 chan int, done func()) {
	for i := 0; i < 10; i++ {
		go func(id int) {
			served := ""
			select {
			case <-ch1:
				served = "ch1"
			case <-ch2:
				served = "ch2"
			}
			os.Stdout.WriteString("G" + strconv.Itoa(id) + " on " + served + "\n")
			done()
		}(i)
	}
}

func prefilled(each int) (ch1, ch2 chan int) {
	ch1, ch2 = make(chan int, each), make(chan int, each)
	for i := 0; i < each; i++ {
		ch1 <- 1
		ch2 <- 2
	}
	return ch1, ch2
}

// listed is the program as it stands there, in a main of its own: nothing waits for the goroutines.
func listed() {
	ch1, ch2 := prefilled(1)
	contend(ch1, ch2, func() {})
}

// waited waits for all ten.
func waited() { wait(prefilled(1)) }

// enough has a value for each.
func enough() { wait(prefilled(5)) }

func wait(ch1, ch2 chan int) {
	var ended sync.WaitGroup
	ended.Add(10)
	contend(ch1, ch2, ended.Done)
	ended.Wait()
}

// watched gives the ten time to receive or to block, while a debugger counts.
func watched() {
	ch1, ch2 := prefilled(1)
	yield()
	hold()
	contend(ch1, ch2, func() {})
	yield()
	hold()
}

// told does what the article's text says: ten goroutines send again and again to whichever of two channels is ready,
// and are woken when they had to wait.
func told() {
	ch1, ch2 := make(chan int, 1), make(chan int, 1)
	yield()
	hold()
	for i := 0; i < 10; i++ {
		go func(id int) {
			for {
				select {
				case ch1 <- id:
				case ch2 <- id:
				}
			}
		}(i)
	}
	yield() // both buffers are full, and all ten wait
	for i := 0; i < 50; i++ {
		<-ch1
		<-ch2
		yield()
	}
	hold()
}
