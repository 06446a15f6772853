// Each word on the command line is one experiment with select. Before each select it is made certain which of its
// channels are ready.
// To be seen: how often each ready case is taken, in which order the cases are polled, and who is woken.
package main

import (
	"encoding/json"
	"os"
	"runtime"
	"strconv"
	"sync/atomic"
	"unsafe"
)

func main() {
	experiments := map[string]func(){
		"counts":     counts,
		"pairs":      pairs,
		"orders":     orders,
		"sequence":   sequence,
		"situations": situations,
		"listed":     listed,
		"waited":     waited,
		"enough":     enough,
		"watched":    watched,
		"told":       told,
	}
	experiments[os.Args[1]]()
}

// hold is where a debugger stops the program.
//
//go:noinline
func hold() {}

func must(certain bool) {
	if !certain {
		println("a channel is not as ready as it has to be")
		os.Exit(3)
	}
}

func print(found interface{}) {
	must(json.NewEncoder(os.Stdout).Encode(found) == nil)
}

// A queue of a channel: where its first waiter stands in the runtime's struct. The command line gives the offset.
type queue uintptr

func queueAt(argument int) queue {
	offset, err := strconv.Atoi(os.Args[argument])
	must(err == nil && offset > 0)
	return queue(offset)
}

// await comes back when a goroutine waits in this queue of the channel.
func (q queue) await(c chan int) {
	first := (*unsafe.Pointer)(unsafe.Add(*(*unsafe.Pointer)(unsafe.Pointer(&c)), uintptr(q)))
	for atomic.LoadPointer(first) == nil {
		runtime.Gosched()
	}
}
