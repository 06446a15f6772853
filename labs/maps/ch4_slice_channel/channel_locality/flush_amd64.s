#include "textflag.h"

// func flush(line *int)
TEXT ·flush(SB), NOSPLIT, $0-8
	MOVQ    line+0(FP), AX
	CLFLUSH (AX)
	MFENCE
	RET
