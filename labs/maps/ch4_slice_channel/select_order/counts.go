package main

import (
	"os"
	"runtime"
	"strconv"
	"unsafe"
)

// cases are the channels of a select that receives. A ready one has one value in its buffer of one, another one none.
type cases [4]chan int

// choice is one way to take a case that is ready.
type choice func(*cases) int

//go:noinline
func selected(c *cases) int {
	select {
	case <-c[0]:
		return 0
	case <-c[1]:
		return 1
	case <-c[2]:
		return 2
	case <-c[3]:
		return 3
	}
}

// addressed is the article's algorithm: start at the array's address modulo the number of cases, take the first ready.
//
//go:noinline
func addressed(c *cases) int {
	array := *c // on the stack, as the array of a select's cases
	return scan(&array, int(uintptr(unsafe.Pointer(&array))%uintptr(len(array))))
}

// started is the same from a start by chance.
//
//go:noinline
func started(c *cases) int { return scan(c, int(chance(uint32(len(c))))) }

func scan(c *cases, start int) int {
	for i := range c {
		number := (start + i) % len(c)
		if len(c[number]) > 0 {
			<-c[number]
			return number
		}
	}
	return -1
}

// Another series of numbers for each GOMAXPROCS, and always the same.
var state = 0x9e3779b97f4a7c15 * uint64(2*runtime.GOMAXPROCS(0)+1)

// chance is a number below n (Marsaglia, Xorshift RNGs, 2003).
func chance(n uint32) uint32 {
	state ^= state << 13
	state ^= state >> 7
	state ^= state << 17
	return uint32(uint64(uint32(state>>32)) * uint64(n) >> 32)
}

var choices = []struct {
	label string
	take  choice
}{
	{"select", selected}, {"addressed", addressed}, {"started", started},
}

// ready lists, for each experiment, the cases that are ready: two neighbours, two others, three, all.
var ready = [][]int{{0, 1}, {1, 2}, {2, 3}, {3, 0}, {0, 2}, {0, 1, 2}, {0, 1, 2, 3}}

// counted is how often each case was taken.
type counted struct {
	Way   string
	Ready []int
	Taken [4]int
}

// counts takes a ready case many times. The command line says how many.
func counts() {
	times, err := strconv.Atoi(os.Args[2])
	must(err == nil)
	var found []counted
	for _, choice := range choices {
		for _, numbers := range ready {
			c := counted{Way: choice.label, Ready: numbers}
			channels := filled(numbers)
			for i := 0; i < times; i++ {
				channels.check(numbers)
				taken := choice.take(channels)
				c.Taken[taken]++
				channels[taken] <- 1
			}
			found = append(found, c)
		}
	}
	print(found)
}

func filled(ready []int) *cases {
	channels := new(cases)
	for i := range channels {
		channels[i] = make(chan int, 1)
	}
	for _, number := range ready {
		channels[number] <- 1
	}
	return channels
}

// check ends the program if other channels have a value than these.
func (c *cases) check(ready []int) {
	values := 0
	for i := range c {
		values += len(c[i])
	}
	for _, number := range ready {
		must(len(c[number]) == 1)
	}
	must(values == len(ready))
}

// sequence prints the cases that are taken one after the other, all being ready.
func sequence() {
	numbers := ready[len(ready)-1]
	for _, choice := range choices[:2] {
		channels := filled(numbers)
		line := choice.label + " "
		for i := 0; i < 24; i++ {
			taken := choice.take(channels)
			line += strconv.Itoa(taken)
			channels[taken] <- 1
		}
		os.Stdout.WriteString(line + "\n")
	}
}
