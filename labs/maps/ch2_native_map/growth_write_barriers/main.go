// Each word on the command line is one small experiment with maps; a debugger looks on.
// To be seen: which instructions an assignment executes for the collector's sake, and where what it stores comes to lie.
package main

import "os"

func main() {
	experiments := map[string]func(){
		"series":   series,
		"overlap":  overlap,
		"held":     held,
		"landings": landings,
	}
	experiments[os.Args[1]]()
}

// hold is where a debugger stops the program; it does nothing.
//
//go:noinline
func hold() {}
