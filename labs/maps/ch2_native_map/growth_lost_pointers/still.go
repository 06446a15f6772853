package main

import "runtime"

// still fills maps and lets the collector run: what the entries hold is reachable through the maps alone.
func (l *lab) still(times int) {
	for ; l.repetitions < times; l.repetitions++ {
		m, from := empty(l.kind), l.next
		for i := 0; i < before; i++ {
			l.add(m)
		}
		runtime.GC()
		l.check(m, from, l.next)
	}
}

// unfinished fills each map until it has just begun to grow, so that most entries still stand in old buckets. Then the
// collector runs; some entries are assigned anew, which moves a few more; and the collector runs again.
func (l *lab) unfinished(times int) {
	for ; l.repetitions < times; l.repetitions++ {
		m, from := empty(l.kind), l.next
		for i := 0; i < before || !m.isGrowing(); i++ {
			if i == 10*before {
				return // this kind of map has no old buckets
			}
			l.add(m)
		}
		runtime.GC()
		for n := from; n < from+5; n++ {
			m.put(&value{number: n, complement: ^n})
		}
		runtime.GC()
		if m.isGrowing() {
			l.unfinishedMaps++
		}
		l.check(m, from, l.next)
	}
}
