// Gives its goroutine labels and lets its stack be written, by itself and by a panic. To be seen: whether the line that
// begins a goroutine's stack has the labels.
package main

import (
	"context"
	"os"
	"runtime"
	"runtime/pprof"
)

func main() {
	labels := pprof.Labels("bench", "labelled")
	if len(os.Args) > 1 {
		pprof.Do(context.Background(), labels, func(context.Context) { end() })
	}
	pprof.SetGoroutineLabels(pprof.WithLabels(context.Background(), labels))
	end()
}

func end() {
	stack := make([]byte, 1<<16)
	os.Stdout.Write(stack[:runtime.Stack(stack, false)])
	panic("on purpose")
}
