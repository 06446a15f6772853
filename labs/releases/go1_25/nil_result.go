// Uses a result before it looks at the error that came with it. To be seen: whether that panics, as the result is nil.
package main

import (
	"fmt"
	"os"
)

func main() {
	file, err := os.Open("there-is-no-such-file")
	name := file.Name()
	if err != nil {
		return
	}
	fmt.Println(name)
}
