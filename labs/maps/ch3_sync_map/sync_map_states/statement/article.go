package sync

import (
	"sync/atomic"
	"unsafe"
)

// switchAsTold is the statement under test, among sync.Map's own types. To be seen: whether the compiler takes it.
func (m *Map) switchAsTold(dirtyMap map[any]*entry) {
	atomic.StorePointer(&m.read, unsafe.Pointer(&readOnly{m: dirtyMap, amended: false}))
}
