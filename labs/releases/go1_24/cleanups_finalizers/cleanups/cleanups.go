// Gives objects cleanups. To be seen: what main.go sees of finalizers.
package main

import "runtime"

func init() {
	attach["cleanup"] = func(n *node) { cleanup(n) }
	attach["cleanup to inside"] = func(n *node) { cleanup(&n.inner) }
	attach["three cleanups"] = func(n *node) { cleanup(n); cleanup(n); cleanup(n) }
}

func cleanup[T any](at *T) {
	attached++
	runtime.AddCleanup(at, func(by int64) { called.Add(by) }, 1)
}
