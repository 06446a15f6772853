"""What the observations of traceback-labels say of the claim 1.27-a."""

from claimlab import Control, Finding, Judges, Outcome, decided, unclear

from .lab import Headers

judges = Judges()

LABEL = "labelled"


@judges.of(
    "1.27-a",
    sees=lambda seen: (seen.own, seen.before, seen.do),
    control=Control(
        "the program with `GODEBUG=tracebacklabels=0`", lambda seen: (seen.off, seen.before, seen.do), Outcome.FAILS
    ),
)
def it_shows_labels(found: tuple[Headers, Headers, Headers]) -> Finding:
    """In a module of the toolchain's own language version the label stands in the line that begins the goroutine's
    stack, both as runtime.Stack and as a panic writes it; in one that declares 1.21 it does not."""
    own, before, do = found
    shows = "\n".join(
        [own.stack, own.panic, f"go 1.21: {before.stack}", f"go 1.21: {before.panic}", f"in pprof.Do: {do.panic}"]
    )
    if not all((own.stack, own.panic, before.stack, before.panic)):
        return unclear("a traceback is missing", shows)
    answers = {LABEL in own.stack, LABEL in own.panic}
    if len(answers) > 1 or LABEL in before.stack or LABEL in before.panic:
        return unclear("not as one would have it in a module of either version", shows)
    return decided(answers == {True}, f"it begins with `{own.panic}`", shows)
