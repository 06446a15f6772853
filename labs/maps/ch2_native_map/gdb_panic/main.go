// Each word on the command line is one small experiment on a map; a debugger or a counter looks on.
// To be seen: which of them die, with which message, and on which path of the runtime.
package main

import (
	"os"
	"strconv"
)

// shared is the map under test. It is a package variable so that a debugger can name it.
var shared map[int]string

func main() {
	times := 1
	if len(os.Args) > 2 {
		times, _ = strconv.Atoi(os.Args[2])
	}
	shared = make(map[int]string)
	experiments := map[string]func(int){
		"listed":        listed,
		"listed-waits":  listedWaits,
		"assign-assign": func(n int) { both(assign, assign, n) },
		"assign-remove": func(n int) { both(assign, remove, n) },
		"locked":        func(n int) { both(lockedAssign, lockedRemove, n) },
		"presized":      func(n int) { shared = make(map[int]string, 2*keys); both(assign, assign, n) },
		"remove-absent": removeAbsent,
		"assign-nil":    assignNil,
		"remove-alone":  removeAlone,
		"assign-once":   assignOnce,
		"assign-other":  assignOther,
		"bad-address":   badAddress,
		"tampered":      tampered,
		"overlap":       overlap,
	}
	experiments[os.Args[1]](times)
}
