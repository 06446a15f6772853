// Loops that run at the same time, each on a core of its own, measured in many short windows.
// To be seen: how long one operation takes while all of them really run. On a shared machine a thread does not have
// its core all the time, so each window is looked at by itself: it counts if every thread's processor time in it is
// its wall time. A window is shorter than what the kernel gives a thread at a time, so that windows count even where
// another process wants one of the cores. What is compared takes turns, window by window.
//
// Two processors of a virtual machine may be one core of the real one for a while. Then nothing that two cores do to
// each other can be seen, so each benchmark also says whether a thread slows down when others work beside it on
// memory of their own.
package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"sort"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
	"unsafe"
)

const (
	operations = 4000 // of the loop that is through first, in one window
	batch      = 50   // operations between two looks at whether a loop is through
)

// A lap is what one loop did in one window.
type lap struct {
	count     int
	wall, cpu time.Duration
}

// line keeps what the loops share while they run from everything else.
type line struct {
	_     [128]byte
	value atomic.Int64
	_     [128]byte
}

// An arrangement is a set of loops that run together; a loop does n operations. The first is the one that is timed.
type arrangement struct {
	name  string
	loops []func(n int)
}

type windows struct {
	arrived, through line
	began            time.Time
	arrangements     []arrangement
	laps             [][]lap // by thread, then by window
}

// compare runs b.N windows of each arrangement in turns. It reports
//   - with the unit "<name>-ns/op" the time of one operation of the first loop, as the median over the clean windows;
//   - as "clean-windows" how many there were of the arrangement that has fewest;
//   - as "own-cores" how fast an operation is beside others on lines of their own, as a share of how fast it is alone.
//
// Where there are fewer cores than loops no window is clean.
func compare(b *testing.B, arrangements ...arrangement) {
	b.ReportMetric(0, "ns/op") // which leaves it out: it would be the time of all windows together
	threads := 0
	for _, a := range arrangements {
		if len(a.loops) > threads {
			threads = len(a.loops)
		}
	}
	cores := allowedCores()
	if len(cores) < threads {
		b.ReportMetric(0, "clean-windows")
		return
	}
	own := ownLines(threads)
	arrangements = append(arrangements, arrangement{"alone", own[:1]}, arrangement{"beside", own})
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	w := &windows{began: time.Now(), arrangements: arrangements, laps: make([][]lap, threads)}
	var ended sync.WaitGroup
	for thread := range w.laps {
		w.laps[thread] = make([]lap, b.N*len(arrangements))
		ended.Add(1)
		go func(thread int) {
			defer ended.Done()
			runtime.LockOSThread() // and never unlocked: the thread ends with the goroutine
			pin(cores[thread])
			for window := range w.laps[thread] {
				w.laps[thread][window] = w.run(thread, window)
			}
		}(thread)
	}
	ended.Wait()
	w.report(b)
}

// ownLines are loops that each count on a line of their own.
func ownLines(threads int) (loops []func(n int)) {
	lines := make([]line, threads)
	for thread := range lines {
		counter := &lines[thread].value
		loops = append(loops, func(n int) {
			for i := 0; i < n; i++ {
				counter.Add(1)
			}
		})
	}
	return loops
}

// run is one thread's part in one window: it begins when all threads are there and ends when the first is through.
func (w *windows) run(thread, window int) lap {
	w.arrived.value.Add(1)
	for w.arrived.value.Load() < int64((window+1)*len(w.laps)) {
	}
	loops := w.arrangements[window%len(w.arrangements)].loops
	if thread >= len(loops) {
		return lap{} // and waits at the next window's beginning
	}
	loop, count := loops[thread], 0
	cpu, wall := threadTime(), time.Since(w.began)
	for count < operations && w.through.value.Load() <= int64(window) {
		loop(batch)
		count += batch
	}
	l := lap{count, time.Since(w.began) - wall, threadTime() - cpu}
	w.through.value.Store(int64(window) + 1)
	return l
}

func (w *windows) report(b *testing.B) {
	fewest := b.N
	times := map[string]float64{}
	for number, a := range w.arrangements {
		var clean []float64
		for window := number; window < len(w.laps[0]); window += len(w.arrangements) {
			if w.isClean(window, len(a.loops)) {
				l := w.laps[0][window]
				clean = append(clean, float64(l.wall)/float64(l.count))
			}
		}
		if len(clean) < fewest {
			fewest = len(clean)
		}
		if len(clean) > 0 {
			times[a.name] = median(clean)
			b.ReportMetric(times[a.name], a.name+"-ns/op")
		}
	}
	b.ReportMetric(float64(fewest), "clean-windows")
	if fewest > 0 {
		b.ReportMetric(times["alone"]/times["beside"], "own-cores")
	}
}

// isClean says that every thread had its core in at least 98 % of the window.
func (w *windows) isClean(window, loops int) bool {
	for thread := 0; thread < loops; thread++ {
		l := w.laps[thread][window]
		if l.count == 0 || l.wall-l.cpu > l.wall/50 {
			return false
		}
	}
	return true
}

func median(values []float64) float64 {
	sort.Float64s(values)
	return (values[len(values)/2] + values[(len(values)-1)/2]) / 2
}

// threadTime is the processor time that this thread has used: clock_gettime(2), CLOCK_THREAD_CPUTIME_ID.
func threadTime() time.Duration {
	var spec syscall.Timespec
	const clockThreadCPUTime = 3
	syscall.RawSyscall(syscall.SYS_CLOCK_GETTIME, clockThreadCPUTime, uintptr(unsafe.Pointer(&spec)), 0)
	return time.Duration(spec.Nano())
}

const maskWords = 16 // 1024 cores

// allowedCores are those that this process may run on: sched_getaffinity(2). Of processors that share a core, as far as
// the kernel knows, it is the first (Documentation/admin-guide/cputopology.rst in the kernel's sources).
func allowedCores() (cores []int) {
	var mask [maskWords]uint64
	syscall.RawSyscall(syscall.SYS_SCHED_GETAFFINITY, 0, unsafe.Sizeof(mask), uintptr(unsafe.Pointer(&mask)))
	known := map[string]bool{}
	for core := 0; core < 64*maskWords; core++ {
		if mask[core/64]>>(core%64)&1 == 0 {
			continue
		}
		siblings, err := os.ReadFile(fmt.Sprintf("/sys/devices/system/cpu/cpu%d/topology/thread_siblings_list", core))
		if err != nil || !known[string(siblings)] {
			cores = append(cores, core)
			known[string(siblings)] = true
		}
	}
	return cores
}

// pin lets this thread run on one core only: sched_setaffinity(2).
func pin(core int) {
	var mask [maskWords]uint64
	mask[core/64] = 1 << (core % 64)
	syscall.RawSyscall(syscall.SYS_SCHED_SETAFFINITY, 0, unsafe.Sizeof(mask), uintptr(unsafe.Pointer(&mask)))
}
