// Makes timers and tickers, lets them fire, stops, resets and drops them. To be seen: what room their channels have,
// whether a value from before a Stop or a Reset can still be received, and how much of what was dropped is freed.
package main

import (
	"encoding/json"
	"os"
	"runtime"
	"time"
)

const (
	rounds = 25
	made   = 20_000
	soon   = 50 * time.Microsecond
	fired  = 2 * time.Millisecond // by then it has
	never  = time.Hour
)

type subject struct {
	Caps  []int // of fresh channels
	Lens  []int // of channels after they had time to fire, unread
	Stale int   // values received after a Stop or a Reset, in 2*rounds rounds
	Left  int   // objects on the heap after so many were made and dropped
}

type channel struct {
	c     <-chan time.Time
	end   func()
	again func()
}

func timer(after time.Duration) channel {
	t := time.NewTimer(after)
	return channel{t.C, func() { t.Stop() }, func() { t.Reset(never) }}
}

func ticker(after time.Duration) channel {
	t := time.NewTicker(after)
	return channel{t.C, t.Stop, func() { t.Reset(never) }}
}

// buffered is what a timer's channel was in the past: whatever is in it stays.
func buffered(time.Duration) channel {
	c := make(chan time.Time, 1)
	c <- time.Time{}
	return channel{c, func() {}, func() {}}
}

func unbuffered(time.Duration) channel {
	return channel{make(chan time.Time), func() {}, func() {}}
}

func stale(make func(time.Duration) channel) int {
	found := 0
	for i := 0; i < 2*rounds; i++ {
		one := make(soon)
		time.Sleep(fired)
		if i%2 == 0 {
			one.end()
		} else {
			one.again()
		}
		select {
		case <-one.c:
			found++
		default:
		}
		one.end()
	}
	return found
}

func objects() int {
	runtime.GC()
	runtime.GC()
	var now runtime.MemStats
	runtime.ReadMemStats(&now)
	return int(now.HeapObjects)
}

// left is how many of the objects are still there that calls have made and dropped.
func left(make func()) int {
	before := objects()
	for i := 0; i < made; i++ {
		make()
	}
	return objects() - before
}

func look(make func(time.Duration) channel, drop func()) subject {
	var found subject
	for i := 0; i < 3; i++ {
		one := make(soon)
		found.Caps = append(found.Caps, cap(one.c))
		time.Sleep(fired)
		found.Lens = append(found.Lens, len(one.c))
		one.end()
	}
	found.Stale = stale(make)
	found.Left = left(drop)
	return found
}

var (
	last *[64]byte
	kept []*[64]byte
)

func main() {
	json.NewEncoder(os.Stdout).Encode(map[string]subject{
		"timer":            look(timer, func() { time.NewTimer(never) }),
		"ticker":           look(ticker, func() { time.NewTicker(never) }),
		"ours, unbuffered": look(unbuffered, func() { last = new([64]byte) }),
		"ours, buffered":   look(buffered, func() { kept = append(kept, new([64]byte)) }),
	})
}
