// Keeps the address of a loop's variable, and a closure over it, from every round. To be seen: how many variables there
// were, and what the closures see after the loop.
package main

import (
	"encoding/json"
	"os"
)

type loop struct {
	Kind      string
	Rounds    int
	Variables int   // distinct addresses
	Values    []int // by the closures, after the loop
}

type kept struct {
	addresses map[*int]bool
	closures  []func() int
}

func (k *kept) keep(variable *int, closure func() int) {
	k.addresses[variable] = true
	k.closures = append(k.closures, closure)
}

const rounds = 5

var kinds = map[string]func(*kept){
	"three clauses": func(k *kept) {
		for i := 0; i < rounds; i++ {
			k.keep(&i, func() int { return i })
		}
	},
	"range over indexes": func(k *kept) {
		for i := range make([]bool, rounds) {
			k.keep(&i, func() int { return i })
		}
	},
	"range over values": func(k *kept) {
		for _, v := range []int{0, 1, 2, 3, 4} {
			k.keep(&v, func() int { return v })
		}
	},
	"range over a map": func(k *kept) {
		for v := range map[int]bool{0: true, 1: true, 2: true, 3: true, 4: true} {
			k.keep(&v, func() int { return v })
		}
	},
	"copied by hand": func(k *kept) {
		for i := 0; i < rounds; i++ {
			i := i
			k.keep(&i, func() int { return i })
		}
	},
}

func main() {
	loops := []loop{}
	for kind, run := range kinds {
		k := kept{addresses: map[*int]bool{}}
		run(&k)
		one := loop{Kind: kind, Rounds: len(k.closures), Variables: len(k.addresses)}
		for _, closure := range k.closures {
			one.Values = append(one.Values, closure())
		}
		loops = append(loops, one)
	}
	json.NewEncoder(os.Stdout).Encode(loops)
}
