// Buffers of our own, for comparison.
package main

import "unsafe"

const slots = 4

// asWritten begins with its fields in the article's order.
type asWritten struct {
	buf              unsafe.Pointer
	qcount, dataqsiz uint
	sendx, recvx     uint
}

// A queue has what a channel has, and keeps its elements in some way.
type queue struct {
	qcount, dataqsiz uint
	buf              unsafe.Pointer
	sendx, recvx     uint
}

var (
	boxed     queue // its slots lead to the elements, each of which lies somewhere
	backwards queue // it fills its slots from the last one on
	masked    queue // it finds its next slot by a mask
	divided   queue // it finds its next slot by the remainder of a division
	written   asWritten
	fixed     [slots]element // has its length in its type
	fixedSize int

	writtenWords [3]uintptr
	kept         []*[slots]element
)

func memory() unsafe.Pointer {
	kept = append(kept, new([slots]element))
	return unsafe.Pointer(kept[len(kept)-1])
}

func slot(buf unsafe.Pointer, i uint) *element {
	return (*element)(unsafe.Add(buf, i*uint(unsafe.Sizeof(element{}))))
}

func (q *queue) filled(i uint) {
	q.qcount++
	q.sendx = (i + 1) % q.dataqsiz
}

//go:noinline
func (q *queue) sendMasked(e element) {
	*slot(q.buf, q.sendx) = e
	q.sendx = (q.sendx + 1) & (q.dataqsiz - 1)
	q.qcount++
}

//go:noinline
func (q *queue) sendDivided(e element) {
	*slot(q.buf, q.sendx) = e
	q.sendx = (q.sendx + 1) % q.dataqsiz
	q.qcount++
}

// fillOurs fills each with as many elements as a channel of that size.
func fillOurs(size int) {
	boxes := new([slots]*element)
	for _, q := range []*queue{&boxed, &backwards, &masked, &divided} {
		q.dataqsiz, q.buf = uint(size), memory()
	}
	boxed.buf = unsafe.Pointer(boxes)
	hold()
	for i := 0; i < size; i++ {
		boxes[i] = new(element)
		*boxes[i] = number(i)
		boxed.filled(uint(i))
		*slot(backwards.buf, uint(size-1-i)) = number(i)
		backwards.filled(uint(i))
		masked.sendMasked(number(i))
		divided.sendDivided(number(i))
	}
	written = asWritten{memory(), uint(size) - 1, uint(size), 0, 0}
	writtenWords = *(*[3]uintptr)(unsafe.Pointer(&written))
	length = size
	hold()
}
