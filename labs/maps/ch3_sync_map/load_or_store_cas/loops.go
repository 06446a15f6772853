package main

// listedLoop tries to put new where old is, at most so many times; it gives the number of tries. Its registers are those
// of the article's listing: the word's address in AX, old in CX, new in DX.
//
//go:noescape
func listedLoop(word *uintptr, old, new uintptr, most int) int

// mendedLoop does the same with old in AX, which is what CMPXCHG compares with, and the address in BX.
//
//go:noescape
func mendedLoop(word *uintptr, old, new uintptr, most int) int
