// Two cores store into a word each and then load the other's word, many times over. To be seen: how often both find the
// other's word still empty, which no order of the four accesses explains: each load must have overtaken the store before
// it. (The litmus test SB of Alglave, Maranget, Sarkar and Sewell.) In turns there is nothing between store and load, a
// compare-and-swap with and without LOCK, or a fence.
package main

import (
	"encoding/json"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"unsafe"
)

//go:noescape
func nothing(mine, theirs, own *int64) int64

//go:noescape
func swap(mine, theirs, own *int64) int64

//go:noescape
func failedSwap(mine, theirs, own *int64) int64

//go:noescape
func unlockedSwap(mine, theirs, own *int64) int64

//go:noescape
func fence(mine, theirs, own *int64) int64

const (
	rounds = 2000 // of one test at a time; then it is another one's turn
	series = 5
)

// word has a cache line of its own, and the neighbouring ones too.
type word struct {
	_     [128]byte
	value int64
	_     [128]byte
}

var (
	arrived word
	shared  [2]word
	own     [2]word
	read    [2]word
	loaded  [2][rounds]int64
)

// Counted is what came of one test.
type Counted struct {
	Rounds    int `json:"rounds"`
	BothEmpty int `json:"both_empty"`
	NoneEmpty int `json:"none_empty"`
}

// meet returns when both cores have come here n times.
func meet(n int64) {
	atomic.AddInt64(&arrived.value, 1)
	for atomic.LoadInt64(&arrived.value) < 2*n {
	}
}

// play does the rounds of one core.
func play(me int, test func(mine, theirs, own *int64) int64) {
	for round := int64(0); round < rounds; round++ {
		shared[me].value = 0
		meet(3*round + 1)
		// With a copy of each word in both caches a store has to wait for the other copy to go, and a load has not.
		read[me].value += shared[0].value + shared[1].value + own[me].value
		meet(3*round + 2)
		loaded[me][round] = test(&shared[me].value, &shared[1-me].value, &own[me].value)
		meet(3*round + 3)
	}
}

func count(test func(mine, theirs, own *int64) int64, cores [2]int, counted *Counted) {
	arrived.value = 0
	var ended sync.WaitGroup
	for me := range shared {
		me := me
		ended.Add(1)
		go func() {
			defer ended.Done()
			runtime.LockOSThread() // and never unlocked: the thread ends with the goroutine
			pin(cores[me])
			play(me, test)
		}()
	}
	ended.Wait()
	counted.Rounds += rounds
	for round := range loaded[0] {
		switch loaded[0][round] + loaded[1][round] {
		case 0:
			counted.BothEmpty++
		case 2:
			counted.NoneEmpty++
		}
	}
}

func main() {
	tests := map[string]func(mine, theirs, own *int64) int64{
		"nothing":       nothing,
		"swap":          swap,
		"failed swap":   failedSwap,
		"unlocked swap": unlockedSwap,
		"fence":         fence,
	}
	found := map[string]*Counted{}
	if cores, enough := twoCores(); enough {
		for i := 0; i < series; i++ {
			for name, test := range tests {
				if found[name] == nil {
					found[name] = &Counted{}
				}
				count(test, cores, found[name])
			}
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(found); err != nil {
		panic(err)
	}
}

const maskWords = 16 // 1024 cores

// twoCores are the first and the last that this process may run on: sched_getaffinity(2).
func twoCores() (cores [2]int, enough bool) {
	var mask [maskWords]uint64
	syscall.RawSyscall(syscall.SYS_SCHED_GETAFFINITY, 0, unsafe.Sizeof(mask), uintptr(unsafe.Pointer(&mask)))
	cores[0] = -1
	for core := 0; core < 64*maskWords; core++ {
		if mask[core/64]>>(core%64)&1 == 0 {
			continue
		}
		if cores[0] < 0 {
			cores[0] = core
		}
		cores[1] = core
	}
	return cores, cores[0] != cores[1]
}

// pin lets this thread run on one core only: sched_setaffinity(2).
func pin(core int) {
	var mask [maskWords]uint64
	mask[core/64] = 1 << (core % 64)
	syscall.RawSyscall(syscall.SYS_SCHED_SETAFFINITY, 0, unsafe.Sizeof(mask), uintptr(unsafe.Pointer(&mask)))
}
