// Prints the names of the runtime's metrics that count threads. To be seen: how the one is called that counts those of
// the operating system.
package main

import (
	"fmt"
	"runtime/metrics"
	"strings"
)

func main() {
	for _, metric := range metrics.All() {
		if strings.HasSuffix(metric.Name, ":threads") {
			fmt.Println(metric.Name)
		}
	}
}
