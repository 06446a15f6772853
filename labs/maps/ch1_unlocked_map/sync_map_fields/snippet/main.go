// Asks for the offsets of two fields of sync.Map. To be seen: whether the compiler lets it.
package main

import (
	"fmt"
	"sync"
	"unsafe"
)

func main() {
	shared := &sync.Map{}
	fmt.Println("mu", unsafe.Offsetof(shared.mu))
	fmt.Println("read", unsafe.Offsetof(shared.read))
}
