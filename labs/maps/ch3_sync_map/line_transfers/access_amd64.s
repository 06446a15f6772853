// Accesses to memory, and the time that they take in ticks of the time stamp counter. To be seen: nothing but the
// instruction in question lies between the two readings of the counter, and each access waits for the one before.

#include "textflag.h"

// READ puts the counter into a register when all that stands before is done, and before anything that follows begins
// (Intel SDM, volume 2B, RDTSC).
#define READ(register) LFENCE; RDTSC; LFENCE; SHLQ $32, DX; ORQ DX, AX; MOVQ AX, register

// func now() int64
TEXT ·now(SB), NOSPLIT, $0-8
	READ(R9)
	MOVQ R9, ret+0(FP)
	RET

// func nothing() int64
TEXT ·nothing(SB), NOSPLIT, $0-8
	READ(R8)
	READ(R9)
	SUBQ R8, R9
	MOVQ R9, ret+0(FP)
	RET

// func add(n int) int64
// An addition of two registers that waits for the one before takes one cycle of the core, on every processor of the
// last decades.
TEXT ·add(SB), NOSPLIT, $0-16
	MOVQ n+0(FP), CX
	MOVL $1, BX
	XORL SI, SI
	READ(R8)

tenMore:
	ADDQ BX, SI
	ADDQ BX, SI
	ADDQ BX, SI
	ADDQ BX, SI
	ADDQ BX, SI
	ADDQ BX, SI
	ADDQ BX, SI
	ADDQ BX, SI
	ADDQ BX, SI
	ADDQ BX, SI
	SUBQ $10, CX
	JG   tenMore
	READ(R9)
	SUBQ R8, R9
	MOVQ R9, ret+8(FP)
	RET

// func follow(first *uint64, n int) int64
// Each word holds the address of the next one.
TEXT ·follow(SB), NOSPLIT, $0-24
	MOVQ first+0(FP), DI
	MOVQ n+8(FP), CX
	READ(R8)

next:
	MOVQ (DI), DI
	DECQ CX
	JNE  next
	READ(R9)
	SUBQ R8, R9
	MOVQ R9, ret+16(FP)
	RET

// func swapEach(first *uint64, old, new uint64, stride, n int) int64
// Each address depends on whether the compare-and-swap before worked, by a multiplication by zero; so the next one
// cannot begin before. This takes some cycles of its own.
TEXT ·swapEach(SB), NOSPLIT, $0-48
	MOVQ first+0(FP), DI
	MOVQ old+8(FP), R10
	MOVQ new+16(FP), R11
	MOVQ stride+24(FP), BX
	MOVQ n+32(FP), CX
	XORL R12, R12
	READ(R8)

next:
	MOVQ R10, AX
	XORL SI, SI
	LOCK
	CMPXCHGQ R11, (DI)
	SETEQ SI
	IMULQ R12, SI
	ADDQ SI, DI
	ADDQ BX, DI
	DECQ CX
	JNE  next
	READ(R9)
	SUBQ R8, R9
	MOVQ R9, ret+40(FP)
	RET

// func swapOne(word *uint64, old, new uint64, n int) int64
// One word over and over: locked instructions wait for each other by themselves.
TEXT ·swapOne(SB), NOSPLIT, $0-40
	MOVQ word+0(FP), DI
	MOVQ old+8(FP), R10
	MOVQ new+16(FP), R11
	MOVQ n+24(FP), CX
	READ(R8)

again:
	MOVQ R10, AX
	LOCK
	CMPXCHGQ R11, (DI)
	DECQ CX
	JNE  again
	READ(R9)
	SUBQ R8, R9
	MOVQ R9, ret+32(FP)
	RET

// func swapOneAndPause(word *uint64, old, new uint64, n int) int64
TEXT ·swapOneAndPause(SB), NOSPLIT, $0-40
	MOVQ word+0(FP), DI
	MOVQ old+8(FP), R10
	MOVQ new+16(FP), R11
	MOVQ n+24(FP), CX
	READ(R8)

again:
	MOVQ R10, AX
	LOCK
	CMPXCHGQ R11, (DI)
	PAUSE
	DECQ CX
	JNE  again
	READ(R9)
	SUBQ R8, R9
	MOVQ R9, ret+32(FP)
	RET

// func flushSize() int
// The bytes that CLFLUSH acts on: one cache line (Intel SDM, volume 2A, CPUID, leaf 1, EBX bits 15 to 8, in units of 8).
TEXT ·flushSize(SB), NOSPLIT, $0-8
	MOVL $1, AX
	XORL CX, CX
	CPUID
	SHRL $8, BX
	ANDL $0xff, BX
	SHLL $3, BX
	MOVQ BX, ret+0(FP)
	RET
