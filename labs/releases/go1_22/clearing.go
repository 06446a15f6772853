// Shortens slices in five ways and looks at what lies behind their new ends. To be seen: which of them clear it.
package main

import (
	"fmt"
	"slices"
)

func main() {
	ways := []struct {
		name    string
		shorten func([]*int) []*int
	}{
		{"Delete", func(s []*int) []*int { return slices.Delete(s, 1, 3) }},
		{"DeleteFunc", func(s []*int) []*int { return slices.DeleteFunc(s, func(p *int) bool { return *p == 1 }) }},
		{"Compact", func(s []*int) []*int { return slices.Compact(s) }},
		{"CompactFunc", func(s []*int) []*int { return slices.CompactFunc(s, func(p, q *int) bool { return *p == *q }) }},
		{"Replace", func(s []*int) []*int { return slices.Replace(s, 0, 3, s[4]) }},
	}
	for _, way := range ways {
		one, other := 1, 2
		whole := []*int{&one, &one, &one, &other, &other, &other}
		short := way.shorten(whole)
		left := 0
		for _, pointer := range whole[len(short):] {
			if pointer != nil {
				left++
			}
		}
		fmt.Printf("%s: %d of %d left behind\n", way.name, left, len(whole)-len(short))
	}
}
