// A header and a bucket as the article describes them, and a struct with padding.
// To be seen: that a field is found where it lies, by instructions that look as the article says or otherwise.
package main

type bucket struct {
	data     [32]byte
	overflow *bucket
}

type header struct{ buckets *bucket }

// padded has seven bytes of padding before its second field.
type padded struct {
	flag   uint8
	bucket *bucket
}

var (
	own   = header{&bucket{overflow: &bucket{}}}
	loose = padded{1, &bucket{}}
)

// asTheArticleSays reads header.buckets and the overflow pointer, the latter twice, by the instructions that the article
// gives. It is written in assembly.
//
//go:noescape
func asTheArticleSays(h *header) *bucket

//go:noinline
func next(p *padded) *bucket { return p.bucket }
