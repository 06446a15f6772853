// Multiplies and adds. To be seen, in the compiler's assembly: whether one instruction does both.
package main

func add64(x, y, z float64) float64 { return x*y + z }

func add32(x, y, z float32) float32 { return x*y + z }

func subtract64(x, y, z float64) float64 { return x*y - z }

func subtractFrom64(x, y, z float64) float64 { return z - x*y }

// A conversion asks for the product to be rounded.
func rounded64(x, y, z float64) float64 { return float64(x*y) + z }

func main() {
	x, y, z := 1.5, 2.5, float32(3.5)
	println(add64(x, y, x), add32(z, z, z), subtract64(x, y, x), subtractFrom64(x, y, x), rounded64(x, y, x))
}
