//go:build go1.24

package main

import "runtime"

var cleanup = func(one *object, work func(int)) { runtime.AddCleanup(one, work, 0) }
