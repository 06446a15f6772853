#include "textflag.h"

// func flush(line unsafe.Pointer)
TEXT ·flush(SB), NOSPLIT, $0-8
	MOVQ    line+0(FP), AX
	CLFLUSH (AX)
	MFENCE
	RET

// func order()
TEXT ·order(SB), NOSPLIT, $0-0
	MFENCE
	LFENCE
	RET
