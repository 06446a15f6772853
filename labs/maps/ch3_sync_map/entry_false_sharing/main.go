// The benchmarks are in the files that end in _test.go; nothing else is run.
package main

func main() {}
