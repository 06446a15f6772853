// What the runtime itself counts of the heap and the collector, as a line of JSON on standard output.
// The instrument "heap" adds this file to a lab's sources, whose main calls reportHeap.
package main

import (
	"os"
	"runtime/metrics"
	"strconv"
)

var heapSamples = []metrics.Sample{
	{Name: "/gc/cycles/forced:gc-cycles"},
	{Name: "/gc/cycles/total:gc-cycles"},
	{Name: "/gc/heap/allocs:bytes"},
	{Name: "/gc/heap/allocs:objects"},
	{Name: "/gc/heap/frees:bytes"},
	{Name: "/gc/heap/frees:objects"},
	{Name: "/gc/heap/live:bytes"},
	{Name: "/gc/heap/objects:objects"},
	{Name: "/gc/heap/tiny/allocs:objects"},
	{Name: "/gc/scan/globals:bytes"},
	{Name: "/gc/scan/heap:bytes"},
	{Name: "/gc/scan/stack:bytes"},
	{Name: "/gc/scan/total:bytes"},
	{Name: "/memory/classes/heap/objects:bytes"},
}

// reportHeap prints what is counted now. The counts are taken first, so that printing is not among them.
func reportHeap(label string) {
	metrics.Read(heapSamples)
	line := append([]byte(`heap {"label":`), strconv.Quote(label)...)
	line = append(line, `,"counted":{`...)
	for i, sample := range heapSamples {
		if i > 0 {
			line = append(line, ',')
		}
		line = append(strconv.AppendQuote(line, sample.Name), ':')
		if sample.Value.Kind() == metrics.KindUint64 {
			line = strconv.AppendUint(line, sample.Value.Uint64(), 10)
		} else {
			line = append(line, "null"...) // metrics.KindBad: this release does not count it
		}
	}
	os.Stdout.Write(append(line, "}}\n"...))
}
