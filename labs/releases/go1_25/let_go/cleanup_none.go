//go:build !go1.24

package main

var cleanup func(one *object, work func(int))
