// Benchmarks whose relation is known. To be seen: what the instrument makes of them.
package main

import (
	"os"
	"sync/atomic"
	"testing"
)

var sink uint64

// work does n steps, each of which needs the result of the one before.
func work(n int) {
	x := sink | 1
	for i := 0; i < n; i++ {
		x = x*6364136223846793005 + 1442695040888963407
	}
	sink = x
}

func BenchmarkOnce(b *testing.B) {
	for i := 0; i < b.N; i++ {
		work(1000)
	}
}

func BenchmarkTwice(b *testing.B) {
	for i := 0; i < b.N; i++ {
		work(2000)
	}
	b.ReportMetric(2000, "steps/op")
}

func BenchmarkSizes(b *testing.B) {
	for _, name := range []string{"size=1", "size=10-2", "a.b"} {
		b.Run(name, BenchmarkOnce)
	}
}

func BenchmarkFails(b *testing.B) { b.Fatal("on purpose") }

func BenchmarkSkips(b *testing.B) { b.Skip("on purpose") }

func BenchmarkNeverEnds(b *testing.B) {
	for {
	}
}

// note adds a letter to a file.
func note(b *testing.B, letter string) {
	if b.N == 1 {
		return // testing tries each benchmark with one iteration first
	}
	file, err := os.OpenFile("noted", os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		b.Fatal(err)
	}
	file.WriteString(letter)
	file.Close()
}

func BenchmarkNoteA(b *testing.B) { note(b, "A") }

func BenchmarkNoteB(b *testing.B) { note(b, "B") }

func BenchmarkNoteC(b *testing.B) { note(b, "C") }

func BenchmarkCores(b *testing.B) { b.ReportMetric(float64(len(allowedCores())), "cores") }

func add(word *atomic.Int64) func(n int) {
	return func(n int) {
		for i := 0; i < n; i++ {
			word.Add(1)
		}
	}
}

var words [2]line

func BenchmarkTogether(b *testing.B) {
	compare(b,
		arrangement{"shared", []func(int){add(&words[0].value), add(&words[0].value)}},
		arrangement{"apart", []func(int){add(&words[0].value), add(&words[1].value)}},
	)
}

func BenchmarkTooMany(b *testing.B) {
	loops := make([]func(int), len(allowedCores())+1)
	for i := range loops {
		loops[i] = add(&words[0].value)
	}
	compare(b, arrangement{"crowd", loops})
}
