/* What a C compiler makes of C11's release, acquire and sequentially consistent accesses. To be seen: which of them are
   plain instructions on this processor. */
#include <stdatomic.h>

void release_store(_Atomic(void *) *at, void *value) { atomic_store_explicit(at, value, memory_order_release); }
void *acquire_load(_Atomic(void *) *at) { return atomic_load_explicit(at, memory_order_acquire); }
void seq_cst_store(_Atomic(void *) *at, void *value) { atomic_store_explicit(at, value, memory_order_seq_cst); }
void *seq_cst_load(_Atomic(void *) *at) { return atomic_load_explicit(at, memory_order_seq_cst); }
