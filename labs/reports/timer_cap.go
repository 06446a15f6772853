// Asks channels of package time for their capacity. To be seen: how many values have room there.
package main

import (
	"fmt"
	"time"
)

func main() {
	fmt.Println("NewTimer", cap(time.NewTimer(time.Hour).C))
	fmt.Println("NewTicker", cap(time.NewTicker(time.Hour).C))
	fmt.Println("After", cap(time.After(time.Hour)))
}
