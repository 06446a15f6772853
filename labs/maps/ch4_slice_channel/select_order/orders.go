package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"unsafe"
)

func init() {
	if len(os.Args) > 1 && os.Args[1] == "orders" {
		runtime.LockOSThread() // main stays on the first thread, whose random state a debugger sets
	}
}

// scase is a case as the algorithms below get it; the name of their arguments is that of runtime.selectgo's, so that a
// debugger reads both in the same way.
type scase struct {
	c    chan int
	elem unsafe.Pointer
}

// modelAddressed is the article's algorithm, with the order in which it looks at the cases written down.
//
//go:noinline
func modelAddressed(cas0 *scase, order0 *uint16, nsends, nrecvs int) (int, bool) {
	return inOrderFrom(uintptr(unsafe.Pointer(cas0))%uintptr(nrecvs), cas0, order0, nrecvs)
}

// modelStarted does the same from a start by chance.
//
//go:noinline
func modelStarted(cas0 *scase, order0 *uint16, nsends, nrecvs int) (int, bool) {
	return inOrderFrom(uintptr(chance(uint32(nrecvs))), cas0, order0, nrecvs)
}

func inOrderFrom(start uintptr, cas0 *scase, order0 *uint16, n int) (int, bool) {
	cases, order := unsafe.Slice(cas0, n), unsafe.Slice(order0, n)
	for i := range order {
		order[i] = uint16((int(start) + i) % n)
	}
	for _, number := range order {
		if len(cases[number].c) > 0 {
			<-cases[number].c
			return int(number), true
		}
	}
	return -1, false
}

//go:noinline
func selectThree(c *[3]chan int) int {
	select {
	case <-c[0]:
		return 0
	case <-c[1]:
		return 1
	case <-c[2]:
		return 2
	}
}

//go:noinline
func addressedThree(c *[3]chan int) int {
	var order [3]uint16
	cases := [3]scase{{c: c[0]}, {c: c[1]}, {c: c[2]}}
	taken, _ := modelAddressed(&cases[0], &order[0], 0, len(cases))
	return taken
}

//go:noinline
func startedThree(c *[3]chan int) int {
	var order [3]uint16
	cases := [3]scase{{c: c[0]}, {c: c[1]}, {c: c[2]}}
	taken, _ := modelStarted(&cases[0], &order[0], 0, len(cases))
	return taken
}

// deeper calls take at another depth of the stack, where its frame has another address.
//
//go:noinline
func deeper(depth int, take func()) {
	if depth > 0 {
		if depth%2 == 0 {
			aside(depth-1, take)
		} else {
			deeper(depth-1, take)
		}
		return
	}
	take()
}

var words int

//go:noinline
func aside(depth int, take func()) {
	var pad [5]int
	pad[depth%len(pad)] = depth
	deeper(depth, take)
	words += pad[(depth+1)%len(pad)]
}

//go:noinline
func grow() {
	var large [4096]int
	large[words%len(large)] = 1
	words += large[(words+1)%len(large)]
}

// orders takes ready cases while a debugger reads how they are polled: each of four alone; then the last two of four;
// then one of three, all ready, at several depths of the stack, by select, by select again, and by both models.
func orders() {
	times, err := strconv.Atoi(os.Args[2])
	must(err == nil)
	debug.SetGCPercent(-1)
	grow() // from here on the stack stays where it is
	var three [3]chan int
	for i := range three {
		three[i] = make(chan int, 1)
		three[i] <- 1
	}
	hold()
	for number := 0; number < 4; number++ {
		selected(filled([]int{number}))
	}
	four := filled([]int{2, 3})
	for i := 0; i < times; i++ {
		four[selected(four)] <- 1
	}
	for _, take := range []func(*[3]chan int) int{selectThree, selectThree, addressedThree, startedThree} {
		for i := 0; i < times; i++ {
			deeper(i%8, func() { three[take(&three)] <- 1 })
		}
	}
}
