// Calls a method of what a constructor returns as an interface. To be seen: whether the method is inlined there.
package main

type counter interface{ next() int }

type ours struct{ n int }

func (o *ours) next() int {
	o.n++
	return o.n
}

func newCounter() counter { return &ours{41} }

func main() {
	c := newCounter()
	println(c.next())
}
