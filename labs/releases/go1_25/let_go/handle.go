//go:build go1.23

package main

import "unique"

type level struct {
	below any
	text  string
}

// link makes the next value of a chain.
var link = func(below any, text string) any { return unique.Make(level{below, text}) }
