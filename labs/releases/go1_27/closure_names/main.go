// Makes closures of one function literal where the function around it is inlined and where it is not. To be seen: what
// their functions are called, and where their code is.
package main

import (
	"encoding/json"
	"os"
	"reflect"
	"runtime"
)

// closure is one, with the name and the address of its code.
type closure struct {
	Label string
	Name  string
	Code  uint64
	// What it has captured, as it says itself.
	Gives int
}

func make1(n int) func() int { return func() int { return n } }

func make2(n int) func() func() int { return func() func() int { return func() int { return n } } }

// Called through these nothing is inlined.
var indirect1, indirect2 = make1, make2

//go:noinline
func inlinedHere() (func() int, func() int) { return make1(1), make2(2)() }

//go:noinline
func inlinedThere() (func() int, func() int) { return make1(3), make2(4)() }

//go:noinline
func called() (func() int, func() int) { return indirect1(5), indirect2(6)() }

//go:noinline
func calledAgain() (func() int, func() int) { return indirect1(7), indirect2(8)() }

func main() {
	var found []closure
	for _, one := range []struct {
		label string
		make  func() (func() int, func() int)
	}{{"inlined", inlinedHere}, {"inlined elsewhere", inlinedThere}, {"called", called}, {"called again", calledAgain}} {
		outer, inner := one.make()
		found = append(found, look(one.label, outer), look(one.label+", deeper", inner))
	}
	found = append(found, look("another literal", func() int { return len(found) }))
	json.NewEncoder(os.Stdout).Encode(found)
}

func look(label string, f func() int) closure {
	code := reflect.ValueOf(f).Pointer()
	return closure{label, runtime.FuncForPC(code).Name(), uint64(code), f()}
}
