// Does nothing. To be seen: which notes the linker writes into the executable.
package main

func main() {}
