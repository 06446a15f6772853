// A file that is put beside those of the runtime. To be seen: which of its functions the compiler refuses.
package runtime

import (
	shared "sync/atomic"
	"unsafe"
)

// asListed appends in the way of the article's listing: pointers to the queue's fields are handed on as they are.
func asListed(q *waitq, waiter *sudog) bool {
	tail := (*sudog)(shared.LoadPointer(&q.last))
	if tail == nil {
		return shared.CompareAndSwapPointer(&q.first, nil, unsafe.Pointer(waiter)) &&
			shared.CompareAndSwapPointer(&q.last, nil, unsafe.Pointer(waiter))
	}
	return shared.CompareAndSwapPointer(&tail.next, nil, unsafe.Pointer(waiter)) &&
		shared.CompareAndSwapPointer(&q.last, unsafe.Pointer(tail), unsafe.Pointer(waiter))
}

// withConversions does the same with pointers whose type has been taken from them.
func withConversions(q *waitq, waiter *sudog) bool {
	last := (*unsafe.Pointer)(unsafe.Pointer(&q.last))
	hook := (*unsafe.Pointer)(unsafe.Pointer(&q.first))
	tail := shared.LoadPointer(last)
	if tail != nil {
		hook = (*unsafe.Pointer)(unsafe.Pointer(&(*sudog)(tail).next))
	}
	return shared.CompareAndSwapPointer(hook, nil, unsafe.Pointer(waiter)) &&
		shared.CompareAndSwapPointer(last, tail, unsafe.Pointer(waiter))
}

type untyped struct{ first, last, next unsafe.Pointer }

// onUntyped does it with fields that are of type unsafe.Pointer.
func onUntyped(q, waiter *untyped) bool {
	tail := (*untyped)(shared.LoadPointer(&q.last))
	if tail == nil {
		return shared.CompareAndSwapPointer(&q.first, nil, unsafe.Pointer(waiter)) &&
			shared.CompareAndSwapPointer(&q.last, nil, unsafe.Pointer(waiter))
	}
	return shared.CompareAndSwapPointer(&tail.next, nil, unsafe.Pointer(waiter)) &&
		shared.CompareAndSwapPointer(&q.last, unsafe.Pointer(tail), unsafe.Pointer(waiter))
}
