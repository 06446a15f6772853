//go:build !go1.23

package main

var link func(below any, text string) any
