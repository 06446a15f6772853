// Package bad does not compile. To be seen: which file the compiler says that its fault is in.
package bad

//line there.go:100
var relative int = "text"
