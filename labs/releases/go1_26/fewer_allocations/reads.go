package main

import (
	"bytes"
	"io"
)

const (
	reading = 5
	chunk   = 1 << 12
)

// chunks gives at most so much at a time.
type chunks struct{ from *bytes.Reader }

func (c chunks) Read(to []byte) (int, error) { return c.from.Read(to[:less(len(to), chunk)]) }

func less(a, b int) int {
	if a < b {
		return a
	}
	return b
}

var content []byte

func reads() (all []counted) {
	for _, size := range []int{100, 1000, 10_000, 100_000, 1_000_000} {
		data := bytes.Repeat([]byte("x"), size)
		ways := []struct {
			name string
			read func(n int)
		}{
			{"io.ReadAll", func(int) { content, _ = io.ReadAll(bytes.NewReader(data)) }},
			{"io.ReadAll, in chunks", func(int) { content, _ = io.ReadAll(chunks{bytes.NewReader(data)}) }},
			{"bytes.Buffer", func(int) {
				var buffer bytes.Buffer
				buffer.ReadFrom(bytes.NewReader(data))
				content = buffer.Bytes()
			}},
		}
		for _, way := range ways {
			found := count(way.name, size, reading, way.read)
			found.Cap, found.Needs = cap(content), cap(append([]byte(nil), data...))
			all = append(all, found)
		}
	}
	return all
}
