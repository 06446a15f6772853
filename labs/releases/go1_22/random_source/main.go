// Draws random numbers in several ways, and lets the runtime draw some. To be seen under a debugger: how often the block
// function of ChaCha8 runs meanwhile.
package main

import (
	"math/rand"
	"os"
)

const draws = 10_000

var (
	sum  int64
	kept [draws]map[int]int
)

//go:noinline
func begin() {}

//go:noinline
func end() {}

var ways = map[string]func(){
	"top-level functions": func() {
		for i := 0; i < draws; i++ {
			sum += rand.Int63()
		}
	},
	"a seeded Rand": func() {
		seeded := rand.New(rand.NewSource(1))
		for i := 0; i < draws; i++ {
			sum += seeded.Int63()
		}
	},
	"seeds of maps": func() {
		for i := range kept {
			kept[i] = make(map[int]int)
		}
	},
	"orders of selects": func() {
		first, second := make(chan int, 1), make(chan int, 1)
		for i := 0; i < draws; i++ {
			select {
			case first <- i:
				<-first
			case second <- i:
				<-second
			}
		}
	},
}

func main() {
	way := ways[os.Args[1]]
	begin()
	way()
	end()
}
