// Dies of panics, and of a fatal error, whose message has several lines, and reads what was printed. To be seen: how the
// lines after the first begin.
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	_ "unsafe"
)

const message = "first\nsecond\nthird"

type named string

//go:linkname throw runtime.throw
func throw(string)

var deaths = []struct {
	name string
	die  func()
}{
	{"a string", func() { panic(message) }},
	{"an error", func() { panic(errors.New(message)) }},
	{"a named string", func() { panic(named(message)) }},
	{"a fatal error", func() { throw(message) }},
}

func main() {
	for _, one := range deaths {
		if len(os.Args) > 1 {
			if os.Args[1] == one.name {
				one.die()
			}
			continue
		}
		child := exec.Command(os.Args[0], one.name)
		said, _ := child.CombinedOutput()
		lines := strings.Split(string(said), "\n")
		indented := 0
		for _, line := range lines {
			if strings.HasPrefix(line, "\tsecond") || strings.HasPrefix(line, "\tthird") {
				indented++
			}
		}
		fmt.Printf("%s: %d of 2 lines begin with a tab\n", one.name, indented)
	}
}
