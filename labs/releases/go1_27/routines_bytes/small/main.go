// Prints a line. To be seen: by how much its binary grows with the routines that were made for sizes.
package main

import "os"

func main() { os.Stdout.WriteString("small\n") }
