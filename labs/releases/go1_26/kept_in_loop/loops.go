//go:build go1.24

package main

import "testing"

func init() {
	benchmarks = append(benchmarks, call, changing, changingInside, assigned, added, blank, inside)
}

//go:noinline
func call(b *testing.B) {
	y := b.N
	for b.Loop() {
		y++
		square(y)
	}
}

// Of these the product is another one in each round.

//go:noinline
func changing(b *testing.B) {
	var x int
	y := b.N
	for b.Loop() {
		y++
		x = y * 12345
	}
	_ = x
}

//go:noinline
func changingInside(b *testing.B) {
	y := b.N
	for b.Loop() {
		y++
		if y > 0 {
			z := y * 12345
			_ = z
		}
	}
}

// Of these it is always the same.

//go:noinline
func assigned(b *testing.B) {
	var x int
	y := b.N
	for b.Loop() {
		x = y * 12345
	}
	_ = x
}

//go:noinline
func added(b *testing.B) {
	x, y := 0, b.N
	for b.Loop() {
		x += y * 12345
	}
}

//go:noinline
func blank(b *testing.B) {
	y := b.N
	for b.Loop() {
		_ = y * 12345
	}
}

//go:noinline
func inside(b *testing.B) {
	y := b.N
	for b.Loop() {
		if y > 0 {
			z := y * 12345
			_ = z
		}
	}
}
