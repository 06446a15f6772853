package sync

import (
	"sync/atomic"
	"unsafe"
)

type claimlabMap struct{ read unsafe.Pointer }

type claimlabReadOnly struct {
	m       map[any]any
	amended bool
}

// switchAsTold is the same statement where the field is an unsafe.Pointer. To be seen: that the compiler takes it.
func (m *claimlabMap) switchAsTold(dirtyMap map[any]any) {
	atomic.StorePointer(&m.read, unsafe.Pointer(&claimlabReadOnly{m: dirtyMap, amended: false}))
}
