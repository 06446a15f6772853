// What is looked for in the states that can be reached.
package main

import (
	"fmt"
	"strings"
)

// findings count states, steps and ends of one situation.
type findings struct {
	name   string
	counts map[string]int
	order  []string
	how    map[string][]string // the shortest way to the first of each
}

func (f *findings) count(what string, s situation, way []int, is bool) {
	if _, known := f.counts[what]; !known {
		f.order = append(f.order, what)
		f.counts[what] = 0
	}
	if !is {
		return
	}
	if f.counts[what]++; f.counts[what] == 1 && way != nil {
		f.how[what] = s.story(way)
	}
}

// look explores a situation in which these waiters come to q, and everything is where it should be in the end if
// that is so of each of the queues.
func look(s situation, wanted map[queue][]word) *findings {
	f := &findings{s.name, map[string]int{}, nil, map[string][]string{}}
	nodes := s.explore(func(before, after moment, by int, way []int) {
		t := after.threads[by]
		f.count("steps", s, nil, true)
		f.count("touched half changed", s, nil, t.at != lock && t.at != top && !isWhole(before.shared) && !isOwn(before, by))
		f.count("CAS on the head failed", s, nil, failsOnHead(t.last))
		f.count("CAS on the head failed on nobody's write", s, way, failsOnHead(t.last) && !byAnother(s, before.shared, t.last))
		f.count("first CAS alone", s, nil, failsAfterFirst(before.threads[by].noted, t.last))
		f.count("CAS on one that left", s, way, hangsOnOneThatLeft(before.shared, t))
	})
	ends := canEnd(nodes)
	for i, n := range nodes {
		f.count("states", s, nil, true)
		f.count("torn", s, n.way, isTorn(n.shared))
		f.count("stuck", s, n.way, !ends[i])
		f.count("waits for another", s, n.way, waits(nodes, i))
		if isEnd(n) {
			f.count("ends", s, nil, true)
			f.count("lost", s, n.way, isLost(n.shared, wanted))
			f.count("in a wrong queue", s, n.way, isAstray(n.shared, wanted))
		}
	}
	return f
}

func isEnd(n node) bool {
	for _, t := range n.threads {
		if !t.ended {
			return false
		}
	}
	return true
}

// canEnd says from which states an end can be reached.
func canEnd(nodes []node) []bool {
	can := make([]bool, len(nodes))
	for changed := true; changed; {
		changed = false
		for i := len(nodes) - 1; i >= 0; i-- {
			if can[i] {
				continue
			}
			can[i] = isEnd(nodes[i])
			for _, to := range nodes[i].next {
				can[i] = can[i] || can[to]
			}
			changed = changed || can[i]
		}
	}
	return can
}

// waits says that a thread which runs alone from here, while the others stand still, never comes to its end.
func waits(nodes []node, from int) bool {
	for by, t := range nodes[from].threads {
		if t.ended {
			continue
		}
		been := map[int]bool{}
		at := from
		for !nodes[at].threads[by].ended && !been[at] {
			been[at] = true
			to, known := nodes[at].next[by]
			if !known {
				break
			}
			at = to
		}
		if been[at] {
			return true
		}
	}
	return false
}

// chain is what can be reached from the first waiter of a queue, by the pointers to the next; no longer than it can be.
func chain(shared map[cell]word, q queue) (found []word) {
	for w := shared[q.first()]; w != null && len(found) < 5; w = shared[next(w)] {
		found = append(found, w)
	}
	return found
}

// isWhole says that the end of q is where the chain ends.
func isWhole(shared map[cell]word) bool {
	tail := null
	if found := chain(shared, "q"); len(found) > 0 {
		tail = found[len(found)-1]
	}
	return shared[queue("q").last()] == tail
}

// isOwn says that the thread itself is in the middle of changing the queue.
func isOwn(m moment, by int) bool {
	for _, step := range m.threads[by].noted {
		if strings.HasPrefix(step, "CAS") && !strings.HasSuffix(step, "fails") || strings.Contains(step, " = ") {
			return true
		}
	}
	return false
}

// failsOnHead says that a step was a compare-and-swap of the queue's first waiter, and failed.
func failsOnHead(step string) bool {
	return strings.HasPrefix(step, "CAS q.first") && strings.HasSuffix(step, "fails")
}

// byAnother says that the waiter which such a step found was neither there from the beginning nor is its own.
func byAnother(s situation, before map[cell]word, step string) bool {
	found := before[queue("q").first()]
	return found != s.begins[queue("q").first()] && !strings.Contains(step, "→"+string(found)+" ")
}

// failsAfterFirst says that a step was the second compare-and-swap of an attempt, and failed after the first was done.
func failsAfterFirst(noted []string, step string) bool {
	if len(noted) == 0 || !strings.HasPrefix(step, "CAS q.last") || !strings.HasSuffix(step, "fails") {
		return false
	}
	first := noted[len(noted)-1]
	return strings.HasPrefix(first, "CAS") && !strings.HasSuffix(first, "fails")
}

// hangsOnOneThatLeft says that a step has hung a waiter of q on one that waits in r by then, by compare-and-swap: its
// pointer to the next was nil when the thread looked who is the last in q, and is nil again.
func hangsOnOneThatLeft(before map[cell]word, t thread) bool {
	if !strings.HasPrefix(t.last, "CAS") || strings.HasSuffix(t.last, "fails") {
		return false
	}
	for _, w := range chain(before, "r") {
		if t.at == next(w) && !contains(chain(before, "q"), w) {
			return true
		}
	}
	return false
}

func isTorn(shared map[cell]word) bool {
	for _, w := range shared {
		if len(w) == 2 && w != "on" && w[0] != w[1] {
			return true
		}
	}
	return false
}

func isLost(shared map[cell]word, wanted map[queue][]word) bool {
	for q, waiters := range wanted {
		for _, w := range waiters {
			if !contains(chain(shared, q), w) {
				return true
			}
		}
	}
	return false
}

func isAstray(shared map[cell]word, wanted map[queue][]word) bool {
	for q, waiters := range wanted {
		for _, w := range chain(shared, q) {
			if !contains(waiters, w) {
				return true
			}
		}
	}
	return false
}

func contains(all []word, one word) bool {
	for _, w := range all {
		if w == one {
			return true
		}
	}
	return false
}

func (f *findings) print() {
	fmt.Printf("{\"name\":%q,\"counts\":{", f.name)
	for i, what := range f.order {
		fmt.Printf("%s%q:%d", comma(i), what, f.counts[what])
	}
	fmt.Print("},\"how\":{")
	written := 0
	for _, what := range f.order {
		if steps := f.how[what]; len(steps) > 0 {
			fmt.Printf("%s%q:[", comma(written), what)
			for i, step := range steps {
				fmt.Printf("%s%q", comma(i), step)
			}
			fmt.Print("]")
			written++
		}
	}
	fmt.Println("}}")
}

func comma(i int) string {
	if i == 0 {
		return ""
	}
	return ","
}
