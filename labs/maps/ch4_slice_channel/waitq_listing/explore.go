// The explorer: it tries every order in which threads can make their steps.
package main

import (
	"fmt"
	"runtime"
	"sort"
	"strings"
)

// A thread makes one step whenever it is its turn. What it will do depends on what it has noted since its attempt
// began, and on nothing else: so this, and the memory, are a state.
type thread struct {
	shared       map[cell]word
	turn, halted chan bool
	noted        []string
	ended        bool
	attempts     int
	last         string // step
	at           cell   // which it touched
}

func (t *thread) step(at cell, does func() string) {
	t.halted <- true
	if !<-t.turn {
		runtime.Goexit()
	}
	t.at, t.last = at, does()
	t.noted = append(t.noted, t.last)
}

// again forgets what has been noted, but not which part of the thread's work this is.
func (t *thread) again() {
	kept := 0
	if len(t.noted) > 0 && strings.HasPrefix(t.noted[0], "has ") {
		kept = 1
	}
	t.noted = t.noted[:kept:kept]
}

// has begins the next part of a thread's work: of what came before it knows only the waiter that it has.
func (t *thread) has(waiter word) { t.noted = []string{"has " + string(waiter)} }

func (t *thread) load(at cell) (w word) {
	t.step(at, func() string { w = t.shared[at]; return fmt.Sprintf("%s is %s", at, shown(w)) })
	return w
}

func (t *thread) store(at cell, w word) {
	t.step(at, func() string { t.shared[at] = w; return fmt.Sprintf("%s = %s", at, shown(w)) })
}

func (t *thread) swap(at cell, old, new word) (done bool) {
	t.step(at, func() string {
		if done = t.shared[at] == old; !done {
			return fmt.Sprintf("CAS %s %s→%s fails", at, shown(old), shown(new))
		}
		t.shared[at] = new
		return fmt.Sprintf("CAS %s %s→%s", at, shown(old), shown(new))
	})
	return done
}

// storeHalves stores a word as two halves, one after the other.
func (t *thread) storeHalves(at cell, w word) {
	for half := 0; half < 2; half++ {
		half := half
		t.step(at, func() string {
			halves := []byte(t.shared[at])
			halves[half] = w[half]
			t.shared[at] = word(halves)
			return fmt.Sprintf("half of %s = %s", at, w[half:half+1])
		})
	}
}

func shown(w word) string {
	if w == null {
		return "nil"
	}
	return string(w)
}

// A situation is a memory and what threads do to it.
type situation struct {
	name    string
	begins  map[cell]word
	threads []func(*thread)
}

// A moment is what a run of some steps has led to.
type moment struct {
	key     string
	shared  map[cell]word
	threads []thread
}

// after makes these steps, each by the thread of that number, from the beginning on.
func (s situation) after(steps []int) moment {
	shared := map[cell]word{}
	for at, w := range s.begins {
		shared[at] = w
	}
	threads := make([]*thread, len(s.threads))
	for i, work := range s.threads {
		t := &thread{shared: shared, turn: make(chan bool), halted: make(chan bool)}
		threads[i] = t
		work := work
		go func() {
			defer close(t.halted)
			work(t)
			t.ended = true
		}()
		<-t.halted
	}
	for _, i := range steps {
		threads[i].turn <- true
		<-threads[i].halted
	}
	m := moment{shared: shared}
	var key strings.Builder
	for _, at := range cells(shared) {
		fmt.Fprintf(&key, "%s=%s;", at, shared[at])
	}
	for _, t := range threads {
		ended := t.ended
		if !ended {
			close(t.turn)
			<-t.halted
		}
		fmt.Fprintf(&key, "|%v %s", ended, strings.Join(t.noted, ","))
		m.threads = append(m.threads, thread{ended: ended, noted: t.noted, last: t.last, at: t.at})
	}
	m.key = key.String()
	return m
}

func cells(shared map[cell]word) (sorted []cell) {
	for at, w := range shared {
		if w != null {
			sorted = append(sorted, at)
		}
	}
	sort.Slice(sorted, func(i, j int) bool { return sorted[i] < sorted[j] })
	return sorted
}

// A node is a state that can be reached, by the shortest way.
type node struct {
	moment
	way  []int
	next map[int]int // by the thread that steps: the state it leads to
}

const most = 20000 // states

// explore finds every state that can be reached, and calls seen for each step that leads from one to another, with the
// way to where it leads.
func (s situation) explore(seen func(before, after moment, by int, way []int)) []node {
	begin := s.after(nil)
	nodes, known := []node{{begin, nil, map[int]int{}}}, map[string]int{begin.key: 0}
	for i := 0; i < len(nodes) && len(nodes) < most; i++ {
		for by := range s.threads {
			if nodes[i].threads[by].ended {
				continue
			}
			way := append(append([]int(nil), nodes[i].way...), by)
			m := s.after(way)
			seen(nodes[i].moment, m, by, way)
			place, found := known[m.key]
			if !found {
				place = len(nodes)
				known[m.key] = place
				nodes = append(nodes, node{m, way, map[int]int{}})
			}
			nodes[i].next[by] = place
		}
	}
	return nodes
}

// story tells the steps of a way.
func (s situation) story(way []int) (told []string) {
	for i, by := range way {
		m := s.after(way[:i+1])
		told = append(told, fmt.Sprintf("%d: %s", by+1, m.threads[by].last))
	}
	return told
}
