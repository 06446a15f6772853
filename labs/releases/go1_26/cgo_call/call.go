package main

// static void nothing(void) {}
import "C"

const calls = 1_000_000

func call() { C.nothing() }
