package main

import (
	"os"
	"strconv"
)

const batch = 100 // selects whose hits of the first channel are counted together

// paired is how often the first of two channels was taken, in batches.
type paired struct {
	Label   string
	Batch   int
	Batches map[int]int // by the number of hits
}

// ordered is how often the channel was taken that had been ready first.
type ordered struct {
	Label          string
	Earlier, Later int
}

// pairs takes one of two channels that are both ready. The command line says how many batches, and where the queues of
// a channel are.
func pairs() {
	number, err := strconv.Atoi(os.Args[2])
	must(err == nil)
	senders, receivers := queueAt(3), queueAt(4)
	print(struct {
		Pairs  []paired
		Orders []ordered
	}{
		[]paired{
			inBatches("unbuffered, receiving", number, batch, unbufferedReceive(senders)),
			inBatches("capacity 1, receiving", number, batch, bufferedReceive()),
			inBatches("unbuffered, sending", number, batch, unbufferedSend(receivers)),
			inBatches("capacity 1, sending", number, batch, bufferedSend()),
			inBatches("capacity 1, receiving, 303 at a time", number, 303, bufferedReceive()),
			inBatches("capacity 1, receiving, 41 at a time", number, 41, bufferedReceive()),
			inBatches("a coin that falls so in 52.3 %", number, batch, coin(523)),
			inBatches("a coin that falls so in 49.1 %", number, batch, coin(491)),
		},
		[]ordered{
			inOrder("capacity 1", number*10, twoBuffered()),
			inOrder("unbuffered", number*10, twoUnbuffered(senders)),
			inOrder("one channel of capacity 2", number*10, oneChannel()),
		},
	})
}

func inBatches(label string, number, size int, first func() bool) paired {
	p := paired{label, size, map[int]int{}}
	for i := 0; i < number; i++ {
		hits := 0
		for j := 0; j < size; j++ {
			if first() {
				hits++
			}
		}
		p.Batches[hits]++
	}
	return p
}

//go:noinline
func receiveEither(ch1, ch2 chan int) (value int, isFirst bool) {
	select {
	case value = <-ch1:
		return value, true
	case value = <-ch2:
		return value, false
	}
}

//go:noinline
func sendEither(ch1, ch2 chan int) (isFirst bool) {
	select {
	case ch1 <- 1:
		return true
	case ch2 <- 1:
		return false
	}
}

func bufferedReceive() func() bool {
	ch1, ch2 := make(chan int, 1), make(chan int, 1)
	ch1 <- 1
	ch2 <- 1
	return func() bool {
		must(len(ch1) == 1 && len(ch2) == 1)
		_, isFirst := receiveEither(ch1, ch2)
		if isFirst {
			ch1 <- 1
		} else {
			ch2 <- 1
		}
		return isFirst
	}
}

func bufferedSend() func() bool {
	ch1, ch2 := make(chan int, 1), make(chan int, 1)
	return func() bool {
		must(len(ch1) == 0 && len(ch2) == 0)
		isFirst := sendEither(ch1, ch2)
		if isFirst {
			<-ch1
		} else {
			<-ch2
		}
		return isFirst
	}
}

// unbufferedReceive has a sender for each channel, which waits before each select.
func unbufferedReceive(senders queue) func() bool {
	ch1, ch2 := make(chan int), make(chan int)
	for _, c := range []chan int{ch1, ch2} {
		go func(c chan int) {
			for {
				c <- 1
			}
		}(c)
	}
	return func() bool {
		senders.await(ch1)
		senders.await(ch2)
		_, isFirst := receiveEither(ch1, ch2)
		return isFirst
	}
}

func unbufferedSend(receivers queue) func() bool {
	ch1, ch2 := make(chan int), make(chan int)
	for _, c := range []chan int{ch1, ch2} {
		go func(c chan int) {
			for {
				<-c
			}
		}(c)
	}
	return func() bool {
		receivers.await(ch1)
		receivers.await(ch2)
		return sendEither(ch1, ch2)
	}
}

// coin has the share of 1000 that it is told.
func coin(share uint32) func() bool {
	return func() bool { return chance(1000) < share }
}

const earlier, later = 1, 2

// inOrder counts which of two values is received. Every other time the second channel is the one that is ready first.
func inOrder(label string, times int, receive func(swapped bool) int) ordered {
	found := ordered{Label: label}
	for i := 0; i < times; i++ {
		if receive(i%2 == 1) == earlier {
			found.Earlier++
		} else {
			found.Later++
		}
	}
	return found
}

func inTurn(c [2]chan int, swapped bool) (first, second chan int) {
	if swapped {
		return c[1], c[0]
	}
	return c[0], c[1]
}

func twoBuffered() func(bool) int {
	c := [2]chan int{make(chan int, 1), make(chan int, 1)}
	return func(swapped bool) int {
		first, second := inTurn(c, swapped)
		first <- earlier
		second <- later
		must(len(first) == 1 && len(second) == 1)
		value, _ := receiveEither(c[0], c[1])
		rest, _ := receiveEither(c[0], c[1])
		must(value+rest == earlier+later)
		return value
	}
}

func twoUnbuffered(senders queue) func(bool) int {
	c := [2]chan int{make(chan int), make(chan int)}
	return func(swapped bool) int {
		first, second := inTurn(c, swapped)
		go func() { first <- earlier }()
		senders.await(first)
		go func() { second <- later }()
		senders.await(second)
		value, _ := receiveEither(c[0], c[1])
		rest, _ := receiveEither(c[0], c[1])
		must(value+rest == earlier+later)
		return value
	}
}

func oneChannel() func(bool) int {
	c, none := make(chan int, 2), make(chan int)
	return func(bool) int {
		c <- earlier
		c <- later
		value, _ := receiveEither(c, none)
		rest, _ := receiveEither(c, none)
		must(value+rest == earlier+later)
		return value
	}
}
