// Says how many processors Go code has, and which files are open. To be seen: whether a control group's limit counts,
// which a debugger lets it read from files of ours; and, called with "follows", whether GOMAXPROCS follows the CPUs that
// the kernel lets the process use.
package main

import (
	"fmt"
	"math/bits"
	"os"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unsafe"
)

const (
	most   = 2500 * time.Millisecond // the runtime looks once a second
	pause  = 20 * time.Millisecond
	inTime = 1200 * time.Millisecond
)

//go:noinline
func told(procs int, files string) { last = procs + len(files) }

var last int

func main() {
	if len(os.Args) > 1 {
		follows()
		return
	}
	told(runtime.GOMAXPROCS(0), limitFiles())
	time.Sleep(inTime)
	told(runtime.GOMAXPROCS(0), limitFiles())
}

// limitFiles are the open files by which a control group limits CPU time.
func limitFiles() string {
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		panic(err)
	}
	var found []string
	for _, entry := range entries {
		name, _ := os.Readlink("/proc/self/fd/" + entry.Name())
		name = name[strings.LastIndexByte(name, '/')+1:]
		if strings.HasPrefix(name, "cpu.") {
			found = append(found, name)
		}
	}
	return strings.Join(found, " ")
}

type mask [16]uint64

func (m *mask) count() (n int) {
	for _, word := range m {
		n += bits.OnesCount64(word)
	}
	return n
}

// follows takes all CPUs but one from every thread, and gives them back.
func follows() {
	all := allowed()
	one := mask{}
	for place, word := range all {
		if word != 0 {
			one[place] = word & -word
			break
		}
	}
	start := runtime.GOMAXPROCS(0)
	few, fewAfter := change(one)
	many, manyAfter := change(all)
	fmt.Printf(`{"cpus":%d,"start":%d,"few":%d,"few_after_ms":%d,"many":%d,"many_after_ms":%d}`+"\n",
		all.count(), start, few, fewAfter, many, manyAfter)
}

// change lets every thread use these CPUs, and gives GOMAXPROCS once it is their number, or at the latest after most.
func change(to mask) (procs int, afterMS int64) {
	tasks, err := os.ReadDir("/proc/self/task")
	if err != nil {
		panic(err)
	}
	for _, task := range tasks {
		id, _ := strconv.Atoi(task.Name())
		call(syscall.SYS_SCHED_SETAFFINITY, uintptr(id), &to)
	}
	if now := allowed(); now != to {
		panic("the kernel has not changed the CPUs")
	}
	began := time.Now()
	for {
		procs = runtime.GOMAXPROCS(0)
		past := time.Since(began)
		if procs == to.count() || past > most {
			return procs, past.Milliseconds()
		}
		time.Sleep(pause)
	}
}

func allowed() (now mask) {
	call(syscall.SYS_SCHED_GETAFFINITY, 0, &now)
	return now
}

func call(number, id uintptr, m *mask) {
	if _, _, failed := syscall.RawSyscall(number, id, unsafe.Sizeof(*m), uintptr(unsafe.Pointer(m))); failed != 0 {
		panic(failed)
	}
}
