package main

import (
	"os"
	"unsafe"
)

const forever = 1 << 62 // attempts

var (
	occupied = map[cell]word{"q.first": "xx", "q.last": "xx"} // one waiter is there

	// Who should be where in the end.
	two    = map[queue][]word{"q": {"aa", "bb"}}
	three  = map[queue][]word{"q": {"aa", "bb", "cc"}}
	behind = map[queue][]word{"q": {"xx", "aa", "bb"}}
	moved  = map[queue][]word{"q": {"aa"}, "r": {"xx"}}
)

// untyped has its fields as the listing needs them.
type untyped struct{ first, last, next unsafe.Pointer }

var kept untyped

func main() {
	kept.first = nil // keeps the type in the binary
	if len(os.Args) > 1 && os.Args[1] == "held" {
		held()
		return
	}
	come := func(waiter word) func(*thread) {
		return func(t *thread) { byTwoSwaps(t, "q", waiter, forever) }
	}
	comeLocked := func(waiter word) func(*thread) {
		return func(t *thread) { underLock(t, "q", waiter) }
	}
	// leave takes the first waiter, which then comes to wait on another channel.
	leave := func(take func(memory, queue) word, enqueue func(memory, queue, word)) func(*thread) {
		return func(t *thread) {
			waiter := take(t, "q")
			t.has(waiter)
			enqueue(t, "r", waiter)
		}
	}
	unchecked := func(waiter word) func(*thread) {
		return func(t *thread) { byStoreAndSwap(t, "q", waiter) }
	}
	// try takes the queue for empty at first, without having loaded anything.
	try := func(waiter word) func(*thread) {
		return func(t *thread) {
			q := queue("q")
			if t.swap(q.first(), null, waiter) && t.swap(q.last(), null, waiter) {
				return
			}
			t.has(waiter)
			byTwoSwaps(t, q, waiter, forever)
		}
	}
	swapped := func(m memory, q queue, waiter word) { byTwoSwaps(m, q, waiter, forever) }
	for _, f := range []*findings{
		look(situation{"two come", nil, []func(*thread){come("aa"), come("bb")}}, two),
		look(situation{"three come", nil, []func(*thread){come("aa"), come("bb"), come("cc")}}, three),
		look(situation{"two come behind one", occupied, []func(*thread){come("aa"), come("bb")}}, behind),
		look(situation{"two come behind one, unchecked", occupied,
			[]func(*thread){unchecked("aa"), unchecked("bb")}}, behind),
		look(situation{"two come, tried", nil, []func(*thread){try("aa"), try("bb")}}, two),
		look(situation{"one comes behind one, tried", occupied, []func(*thread){try("aa")}}, nil),
		look(situation{"two come, lock", nil, []func(*thread){comeLocked("aa"), comeLocked("bb")}}, two),
		look(situation{"three come, lock", nil, []func(*thread){comeLocked("aa"), comeLocked("bb"), comeLocked("cc")}}, three),
		look(situation{"one comes, one moves", occupied, []func(*thread){come("aa"), leave(takeByStores, swapped)}}, moved),
		look(situation{"one comes, one moves by CAS", occupied, []func(*thread){come("aa"), leave(takeBySwaps, swapped)}}, moved),
		look(situation{"one comes, one moves, lock", occupied,
			[]func(*thread){comeLocked("aa"), leave(takeUnderLock, underLock)}}, moved),
		look(situation{"two push", nil, []func(*thread){
			func(t *thread) { push(t, "aa") }, func(t *thread) { push(t, "bb") }}}, nil),
		look(situation{"two store halves", occupied, []func(*thread){
			func(t *thread) { t.storeHalves("q.last", "aa") }, func(t *thread) { t.storeHalves("q.last", "bb") }}}, nil),
	} {
		f.print()
	}
}
