// Queues of waiters, written so that one function runs in two ways: step by step, under an explorer that tries every
// order of steps, and with the processor's own atomic instructions. To be seen: what becomes of a queue whose end is
// moved by two compare-and-swaps, one after the other.
package main

// A word is nil or the name of a waiter, which has two letters, such as "aa".
type word string

const null word = ""

// A cell is a place in memory, such as "q.last" or "aa.next".
type cell string

// memory is what threads share. Each of its methods but again is one step, in the middle of which nothing happens.
type memory interface {
	again() // a new attempt begins: nothing that was read before is used any more
	load(cell) word
	store(cell, word)
	swap(at cell, old, new word) bool // compare-and-swap
}

// A queue is known by its name.
type queue string

func (q queue) first() cell { return cell(q + ".first") }
func (q queue) last() cell  { return cell(q + ".last") }
func next(waiter word) cell { return cell(waiter + ".next") }

// byTwoSwaps appends a waiter in the way of the article's listing: hang it on the tail, then move the end; if either
// fails, begin again. It says whether it came to an end within so many attempts.
func byTwoSwaps(m memory, q queue, waiter word, attempts int) bool {
	for i := 0; i < attempts; i++ {
		m.again()
		tail := m.load(q.last())
		hook := q.first()
		if tail != null {
			hook = next(tail)
		}
		if m.swap(hook, null, waiter) && m.swap(q.last(), tail, waiter) {
			return true
		}
	}
	return false
}

// byStoreAndSwap does not look whether somebody hangs on the tail already.
func byStoreAndSwap(m memory, q queue, waiter word) {
	for {
		m.again()
		tail := m.load(q.last())
		m.store(next(tail), waiter)
		if m.swap(q.last(), tail, waiter) {
			return
		}
	}
}

const lock cell = "lock"

func acquire(m memory) {
	for m.again(); !m.swap(lock, null, "on"); m.again() {
	}
}

func release(m memory) { m.store(lock, null) }

// underLock appends a waiter as the runtime does.
func underLock(m memory, q queue, waiter word) {
	acquire(m)
	m.store(next(waiter), null)
	if tail := m.load(q.last()); tail == null {
		m.store(q.first(), waiter)
	} else {
		m.store(next(tail), waiter)
	}
	m.store(q.last(), waiter)
	release(m)
}

// takeByStores removes the first waiter as the runtime does; nobody else may remove one meanwhile.
func takeByStores(m memory, q queue) word {
	head := m.load(q.first())
	if second := m.load(next(head)); second == null {
		m.store(q.first(), null)
		m.store(q.last(), null)
	} else {
		m.store(q.first(), second)
		m.store(next(head), null)
	}
	return head
}

// takeBySwaps removes the first waiter too, and empties the queue by compare-and-swap alone.
func takeBySwaps(m memory, q queue) word {
	for {
		m.again()
		head := m.load(q.first())
		second := m.load(next(head))
		if second != null {
			m.store(q.first(), second)
			m.store(next(head), null)
			return head
		}
		if m.swap(q.last(), head, null) {
			m.swap(q.first(), head, null)
			return head
		}
	}
}

func takeUnderLock(m memory, q queue) word {
	acquire(m)
	head := takeByStores(m, q)
	release(m)
	return head
}

const top cell = "top"

// push puts a waiter on a stack: one compare-and-swap does it.
func push(m memory, waiter word) {
	for {
		m.again()
		below := m.load(top)
		m.store(next(waiter), below)
		if m.swap(top, below, waiter) {
			return
		}
	}
}
