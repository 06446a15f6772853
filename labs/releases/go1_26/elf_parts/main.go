// Does next to nothing. To be seen: how its binary is laid out. It imports nothing, so that the runtime can be compiled
// for other kinds of binaries.
package main

func main() { println("linked") }
