// Package sub has functions that say in which file they are, some behind a comment that names another one. To be seen:
// what each says.
package sub

import "runtime"

func Plain() string {
	_, file, _, _ := runtime.Caller(0)
	return file
}

func Relative() string {
//line there.go:100
	_, file, _, _ := runtime.Caller(0)
	return file
}

func Absolute() string {
//line /elsewhere/there.go:200
	_, file, _, _ := runtime.Caller(0)
	return file
}
