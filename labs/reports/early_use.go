// Uses a nil pointer before the error that came with it is looked at. To be seen: whether the program dies there.
package main

import (
	"fmt"
	"os"
)

func main() {
	file, err := os.Open("there is no such file")
	name := file.Name()
	if err != nil {
		fmt.Println("the error is told")
		return
	}
	fmt.Println(name)
}
