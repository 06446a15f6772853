// Prints a line. To be seen: whether another program with the same Go build id has the same notes.
package main

func main() { println("another program") }
