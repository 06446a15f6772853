// Each function stores 1 into mine, does something, and loads theirs. To be seen: whether the load can be done before the
// store is visible. What lies between works on a word of its own, which holds 0.

#include "textflag.h"

#define BEGIN \
	MOVQ mine+0(FP), DI   \
	MOVQ theirs+8(FP), SI \
	MOVQ own+16(FP), BX   \
	XORL DX, DX           \
	MOVL $1, CX           \
	XORL AX, AX

#define END \
	MOVQ (SI), R8         \
	MOVQ R8, ret+24(FP)   \
	RET

// func nothing(mine, theirs, own *int64) int64
TEXT ·nothing(SB), NOSPLIT, $0-32
	BEGIN
	MOVQ CX, (DI)
	END

// func swap(mine, theirs, own *int64) int64
TEXT ·swap(SB), NOSPLIT, $0-32
	BEGIN
	MOVQ CX, (DI)
	LOCK
	CMPXCHGQ DX, (BX)
	END

// func failedSwap(mine, theirs, own *int64) int64
TEXT ·failedSwap(SB), NOSPLIT, $0-32
	BEGIN
	MOVL $7, AX
	MOVQ CX, (DI)
	LOCK
	CMPXCHGQ DX, (BX)
	END

// func unlockedSwap(mine, theirs, own *int64) int64
TEXT ·unlockedSwap(SB), NOSPLIT, $0-32
	BEGIN
	MOVQ CX, (DI)
	CMPXCHGQ DX, (BX)
	END

// func fence(mine, theirs, own *int64) int64
TEXT ·fence(SB), NOSPLIT, $0-32
	BEGIN
	MOVQ CX, (DI)
	MFENCE
	END
