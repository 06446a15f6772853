// Two loops around one compare-and-swap. To be seen: whether they swap. Apart from the registers, and from giving up
// after so many tries, they go the way of the article's listing: load the arguments, CMPXCHG, leave if it worked, PAUSE,
// again.

#include "textflag.h"

// func listedLoop(word *uintptr, old, new uintptr, most int) int
TEXT ·listedLoop(SB), NOSPLIT, $0-40
	XORL R8, R8

try:
	INCQ R8
	MOVQ word+0(FP), AX
	MOVQ old+8(FP), CX
	MOVQ new+16(FP), DX
	LOCK
	CMPXCHGQ DX, (AX)
	JZ   done
	PAUSE
	CMPQ R8, most+24(FP)
	JLT  try

done:
	MOVQ R8, ret+32(FP)
	RET

// func mendedLoop(word *uintptr, old, new uintptr, most int) int
TEXT ·mendedLoop(SB), NOSPLIT, $0-40
	XORL R8, R8

try:
	INCQ R8
	MOVQ word+0(FP), BX
	MOVQ old+8(FP), AX
	MOVQ new+16(FP), DX
	LOCK
	CMPXCHGQ DX, (BX)
	JZ   done
	PAUSE
	CMPQ R8, most+24(FP)
	JLT  try

done:
	MOVQ R8, ret+32(FP)
	RET
