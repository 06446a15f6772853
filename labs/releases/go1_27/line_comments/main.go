// Prints where functions of another package say that they are. To be seen: what becomes of the file names in comments.
package main

import (
	"fmt"

	"claimlab/line-comments/sub"
)

func main() {
	fmt.Println(sub.Plain())
	fmt.Println(sub.Relative())
	fmt.Println(sub.Absolute())
}
