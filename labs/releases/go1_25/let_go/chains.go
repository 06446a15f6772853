package main

import (
	"fmt"
	"runtime"
	"strings"
)

const (
	many      = 200
	textBytes = 2048
	settle    = 6
)

type chains struct {
	Deep  int     `json:"deep"`
	Bytes int64   `json:"bytes"`
	Left  []int64 `json:"left"`
}

var heads []any

// dropped makes chains of values, each with the Handle of the one before, and drops them. Nearly all of a value is text,
// to which nothing else refers.
func dropped(deep int) chains {
	before := settled()
	heads = make([]any, many)
	for i := range heads {
		for d := 0; d < deep; d++ {
			heads[i] = link(heads[i], text(i, deep, d))
		}
	}
	runtime.GC()
	found := chains{Deep: deep, Bytes: live() - before}
	heads = nil
	for i := 0; i < deep+settle; i++ {
		runtime.GC()
		found.Left = append(found.Left, live()-before)
	}
	return found
}

// held keeps its text.
func held() chains {
	before := settled()
	heads = make([]any, many)
	for i := range heads {
		heads[i] = text(i)
	}
	runtime.GC()
	found := chains{Deep: 1, Bytes: live() - before}
	for i := 0; i < settle; i++ {
		runtime.GC()
		found.Left = append(found.Left, live()-before)
	}
	runtime.KeepAlive(heads)
	return found
}

func text(which ...int) string {
	return strings.Repeat(fmt.Sprint(which), textBytes)[:textBytes]
}

// settled is what is live once nothing is left of before.
func settled() int64 {
	heads = nil
	for i := 0; i < 2*settle; i++ {
		runtime.GC()
	}
	return live()
}

func live() int64 {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}
