// Asks the same of a type of its own package.
package main

import (
	"fmt"
	"sync"
	"sync/atomic"
	"unsafe"
)

type described struct {
	mu   sync.Mutex
	read atomic.Value
}

func main() {
	shared := &described{}
	fmt.Println("mu", unsafe.Offsetof(shared.mu))
	fmt.Println("read", unsafe.Offsetof(shared.read))
}
