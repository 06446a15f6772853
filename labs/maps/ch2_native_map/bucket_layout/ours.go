// Structs of ours with known layouts, read by the same means as the runtime's.
package main

import (
	"bytes"
	"reflect"
	"unsafe"
)

// described is laid out as the article describes a bucket.
type described struct {
	tophash  [8]uint8
	keys     [1]int64
	values   [2]int64
	overflow unsafe.Pointer
}

// turned is laid out otherwise: the overflow pointer first, then four of each.
type turned struct {
	overflow unsafe.Pointer
	tophash  [4]uint8
	keys     [4]int64
	values   [4]int64
}

// quarter and half both have 32 bytes.
type quarter struct{ tophash, keys, values, overflow [1]int64 }
type half struct {
	keys     [8]uint8
	values   [16]uint8
	overflow unsafe.Pointer
}

var (
	oneDescribed = described{tophash: [8]uint8{0xd1, 0xd2, 0xd3, 0xd4, 0xd5, 0xd6, 0xd7, 0xd8}}
	oneTurned    = turned{tophash: [4]uint8{0xd1, 0xd2, 0xd3, 0xd4}}
	oneQuarter   quarter
	oneHalf      half
)

func ours() []block {
	key, value := longKey(0), longValue(0)
	oneDescribed.keys[0], oneDescribed.values[0] = key, value
	oneDescribed.overflow = unsafe.Pointer(&oneHalf)
	oneTurned.keys[0], oneTurned.values[0] = key, value
	oneTurned.overflow = unsafe.Pointer(&oneHalf)
	search := func(content, tops []byte, target unsafe.Pointer) *found {
		return &found{
			[]int{bytes.Index(content, bytesOf(&key))},
			[]int{bytes.Index(content, bytesOf(&value))},
			bytes.Index(content, tops),
			bytes.Index(content, bytesOf(&target)),
		}
	}
	return []block{
		describe("main.described", reflect.TypeOf(oneDescribed), search(bytesOf(&oneDescribed), oneDescribed.tophash[:], oneDescribed.overflow)),
		describe("main.turned", reflect.TypeOf(oneTurned), search(bytesOf(&oneTurned), oneTurned.tophash[:], oneTurned.overflow)),
		describe("main.quarter", reflect.TypeOf(oneQuarter), nil),
		describe("main.half", reflect.TypeOf(oneHalf), nil),
	}
}
