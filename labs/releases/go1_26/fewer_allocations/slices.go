package main

var (
	sum  int
	kept []int
)

// slices are made in functions that are called through variables, so that these know nothing of n.
func slices() (all []counted) {
	ways := []struct {
		name string
		do   func(n int)
		most int
	}{
		{"make", makes, 64},
		{"append", appends, 64},
		{"append, returned", func(n int) { kept = returned(n) }, 64},
		{"append, stored", stored, 64},
		{"append, passed on", passedOn, 64},
		{"one by one", oneByOne, 1},
	}
	for _, way := range ways {
		for n := 1; n <= way.most; n *= 2 {
			all = append(all, count(way.name, n, calls, way.do))
		}
	}
	return all
}

//go:noinline
func makes(n int) {
	s := make([]byte, n)
	for i := range s {
		s[i] = byte(i)
	}
	sum += int(s[n-1])
}

//go:noinline
func appends(n int) {
	var s []int
	for i := 0; i < n; i++ {
		s = append(s, i)
	}
	sum += s[n-1]
}

//go:noinline
func returned(n int) []int {
	var s []int
	for i := 0; i < n; i++ {
		s = append(s, i)
	}
	return s
}

//go:noinline
func stored(n int) {
	var s []int
	for i := 0; i < n; i++ {
		s = append(s, i)
	}
	kept = s
}

//go:noinline
func passedOn(n int) {
	var s []int
	for i := 0; i < n; i++ {
		s = append(s, i)
	}
	keep(s)
}

//go:noinline
func keep(s []int) { kept = s }

// oneByOne is sure to allocate.
//
//go:noinline
func oneByOne(int) { kept = append([]int(nil), 1) }
