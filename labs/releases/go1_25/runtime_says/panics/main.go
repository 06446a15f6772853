// Dies of a panic that was recovered before, and raised again. To be seen: how often its text is printed, and with what
// marks.
package main

import (
	"errors"
	"os"
)

const text = "THE-TEXT"

func main() {
	var first any = text
	if os.Args[1] == "error" {
		first = errors.New(text)
	}
	defer func() {
		again := recover()
		if os.Args[2] == "another" {
			again = "not the same: " + text
		}
		panic(again)
	}()
	panic(first)
}
