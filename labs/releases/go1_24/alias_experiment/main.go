// Declares a generic alias of a type. To be seen: in which settings of GOEXPERIMENT a compiler takes it.
package main

type pair[T any] = struct{ one, other T }

func main() { _ = pair[int]{} }
