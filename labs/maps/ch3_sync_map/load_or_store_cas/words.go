package main

import (
	"reflect"
	"sync"
	"unsafe"
)

// wordOf finds the word that holds the pointer to the value of the map's only key: in the key's entry up to Go 1.23
// (sync/map.go); since then, where no entry is changed, in the tree's inner node, whose child the entry is
// (internal/sync/hashtriemap.go).
func wordOf(m *sync.Map) *unsafe.Pointer {
	whole := reflect.ValueOf(m).Elem()
	if read := whole.FieldByName("read"); read.IsValid() {
		address, target := pointer(read)
		entries := reflect.NewAt(target, *address).Elem().FieldByName("m").MapRange()
		entries.Next()
		return (*unsafe.Pointer)(entries.Value().UnsafePointer())
	}
	address, inner := pointer(whole.FieldByName("m").FieldByName("root"))
	children := reflect.NewAt(inner, *address).Elem().FieldByName("children")
	for i := 0; i < children.Len(); i++ {
		if child, _ := pointer(children.Index(i)); *child != nil {
			return child
		}
	}
	panic("the map has no entry")
}

// pointer gives the word in a field of the type atomic.Pointer[T], and T. Such a struct begins with a field of type [0]*T
// (sync/atomic/type.go).
func pointer(field reflect.Value) (*unsafe.Pointer, reflect.Type) {
	word := (*unsafe.Pointer)(unsafe.Pointer(field.FieldByName("v").UnsafeAddr()))
	return word, field.Type().Field(0).Type.Elem().Elem()
}
