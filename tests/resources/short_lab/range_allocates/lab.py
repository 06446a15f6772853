"""Does sync.Map.Range allocate when its callback captures nothing? (golang/go#62404)"""

from claimlab import Allocations, Bench, Lab, allocations

lab = Lab("range-allocates", asks={"zh": "sync.Map.Range 的回调不捕获变量时会分配内存吗？"})
SOURCE = b"""package main

import "sync"

var m sync.Map

func init() { m.Store(1, 1) }

func ranges() { m.Range(func(_, _ any) bool { return true }) }

func stores() { m.Store(1, 1) }
"""


@lab.observe
def observe(bench: Bench) -> Allocations:
    return allocations.measure(bench, ["ranges", "stores"], {"main.go": SOURCE})
