// Makes objects of several sizes. To be seen: which routine of the runtime each function calls for that.
package main

func main() {
	bytes8()
	bytes16()
	bytes24()
	bytes32()
	bytes48()
	bytes64()
	bytes72()
	bytes79()
	bytes80()
	bytes81()
	bytes88()
	bytes96()
	pointers8()
	pointers16()
	pointers24()
	pointers32()
	pointers48()
	pointers64()
	pointers72()
	pointers80()
	pointers88()
	pointers96()
}

//go:noinline
func bytes8() *[8]byte { return new([8]byte) }

//go:noinline
func bytes16() *[16]byte { return new([16]byte) }

//go:noinline
func bytes24() *[24]byte { return new([24]byte) }

//go:noinline
func bytes32() *[32]byte { return new([32]byte) }

//go:noinline
func bytes48() *[48]byte { return new([48]byte) }

//go:noinline
func bytes64() *[64]byte { return new([64]byte) }

//go:noinline
func bytes72() *[72]byte { return new([72]byte) }

//go:noinline
func bytes79() *[79]byte { return new([79]byte) }

//go:noinline
func bytes80() *[80]byte { return new([80]byte) }

//go:noinline
func bytes81() *[81]byte { return new([81]byte) }

//go:noinline
func bytes88() *[88]byte { return new([88]byte) }

//go:noinline
func bytes96() *[96]byte { return new([96]byte) }

//go:noinline
func pointers8() *[1]*int { return new([1]*int) }

//go:noinline
func pointers16() *[2]*int { return new([2]*int) }

//go:noinline
func pointers24() *[3]*int { return new([3]*int) }

//go:noinline
func pointers32() *[4]*int { return new([4]*int) }

//go:noinline
func pointers48() *[6]*int { return new([6]*int) }

//go:noinline
func pointers64() *[8]*int { return new([8]*int) }

//go:noinline
func pointers72() *[9]*int { return new([9]*int) }

//go:noinline
func pointers80() *[10]*int { return new([10]*int) }

//go:noinline
func pointers88() *[11]*int { return new([11]*int) }

//go:noinline
func pointers96() *[12]*int { return new([12]*int) }
