// Makes channels, of package time and of its own. To be seen: how large their buffers are.
package main

import (
	"fmt"
	"os"
	"time"
)

func main() {
	if len(os.Args) > 1 {
		fmt.Println(cap(make(chan time.Time, 1)))
		return
	}
	fmt.Println(cap(time.NewTimer(time.Hour).C), cap(time.NewTicker(time.Hour).C), cap(time.After(time.Hour)))
}
