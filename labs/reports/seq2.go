// Ranges over maps by reflect.Value.Seq2 and by MapRange. To be seen: which of them allocates more.
package main

import (
	"fmt"
	"reflect"
	"testing"
)

var seen int

func bySeq2(m reflect.Value) func() {
	return func() {
		for key, value := range m.Seq2() {
			seen += key.Len() + value.Len()
		}
	}
}

func byMapRange(m reflect.Value) func() {
	return func() {
		for i := m.MapRange(); i.Next(); {
			seen += i.Key().Len() + i.Value().Len()
		}
	}
}

func main() {
	more := 0
	sizes := []int{0, 1, 8, 100}
	for _, entries := range sizes {
		m := map[string][]int{}
		for i := 0; i < entries; i++ {
			m[fmt.Sprint(i)] = nil
		}
		seq2 := testing.AllocsPerRun(100, bySeq2(reflect.ValueOf(m)))
		mapRange := testing.AllocsPerRun(100, byMapRange(reflect.ValueOf(m)))
		fmt.Printf("%d entries: Seq2 %.0f objects, MapRange %.0f\n", entries, seq2, mapRange)
		if seq2 > mapRange {
			more++
		}
	}
	if more == len(sizes) {
		fmt.Println("Seq2 allocates more")
	}
}
