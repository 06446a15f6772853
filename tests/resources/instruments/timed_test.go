// Benchmarks whose relation is known. To be seen: what the instrument makes of them.
package main

import (
	"math"
	"os"
	"sync/atomic"
	"testing"
	"time"
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

// fastest reports the time of one operation in the fastest batch of twenty, which take some twenty microseconds: much
// longer than reading the clock, and much shorter than a turn of the kernel's. The mean of all operations would not do:
// whoever else wants the core interrupts what takes twice as long twice as often.
func fastest(b *testing.B, steps int) {
	best := math.Inf(1)
	for done := 0; done < b.N; {
		count := 0
		began := time.Now()
		for ; count < 20 && done < b.N; count++ {
			work(steps)
			done++
		}
		best = math.Min(best, float64(time.Since(began))/float64(count))
	}
	b.ReportMetric(best, "ns/op")
}

func BenchmarkOnce(b *testing.B) { fastest(b, 1000) }

func BenchmarkTwice(b *testing.B) {
	fastest(b, 2000)
	b.ReportMetric(2000, "steps/op")
}

func BenchmarkSizes(b *testing.B) {
	for _, name := range []string{"size=1", "size=10-2", "a.b"} {
		b.Run(name, func(b *testing.B) {
			for i := 0; i < b.N; i++ {
				work(1000)
			}
		})
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
