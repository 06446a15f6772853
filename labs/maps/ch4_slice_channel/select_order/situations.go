package main

import "runtime"

// situations does one select between two holds, in three situations: with a value in a buffer, with a goroutine that
// waits to send, and with nothing ready.
func situations() {
	senders := queueAt(2)
	buffered, empty := make(chan int, 1), make(chan int)
	buffered <- 1
	yield() // the runtime's own goroutines come to rest
	hold()
	receiveEither(buffered, empty)
	hold()

	unbuffered := make(chan int)
	go func() { unbuffered <- 1 }()
	senders.await(unbuffered)
	hold()
	receiveEither(unbuffered, empty)
	hold()

	go func() { receiveEither(empty, buffered) }()
	hold()
	yield()
	hold()
	empty <- 1
}

// yield lets every other goroutine run until it has to wait.
func yield() {
	for i := 0; i < 100; i++ {
		runtime.Gosched()
	}
}
