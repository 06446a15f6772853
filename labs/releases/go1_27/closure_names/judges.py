"""What the observations of closure-names say of the claims 1.27-j/1, 1.27-j/2 and 1.27-k."""

from collections.abc import Callable

from claimlab import Control, Finding, Judges, Outcome, decided, unclear

from .lab import Closure, Seen

judges = Judges()

Pair = tuple[Closure, Closure]


def pair(one: str, other: str, uninlined: bool = False) -> Callable[[Seen], Pair]:
    """Closures of the same literal, made at two places."""

    def of(seen: Seen) -> Pair:
        known = {closure.Label: closure for closure in (seen.uninlined if uninlined else seen.closures)}
        return known[one], known[other]

    return of


STRANGERS = Control("two literals", pair("called", "another literal"), Outcome.FAILS)
UNINLINED = "nothing is inlined, by `-gcflags=-l`"


def same_name(found: Pair) -> Finding:
    one, other = found
    words = f"where the functions around it are inlined the literal is `{one.Name}`, and where they are called it is "
    return decided(one.Name == other.Name, f"{words}`{other.Name}`")


@judges.of(
    "1.27-j/1",
    sees=pair("inlined", "called"),
    control=(Control(UNINLINED, pair("inlined", "called", uninlined=True), Outcome.HOLDS), STRANGERS),
)
def in_a_function(found: Pair) -> Finding:
    """The literal has the same name where the declared function around it is inlined and where it is called."""
    return same_name(found)


@judges.of(
    "1.27-j/2",
    sees=pair("inlined, deeper", "called, deeper"),
    control=(
        Control(UNINLINED, pair("inlined, deeper", "called, deeper", uninlined=True), Outcome.HOLDS),
        STRANGERS,
    ),
)
def in_a_literal(found: Pair) -> Finding:
    """A literal in a literal in a declared function has the same name where both functions around it are inlined and
    where both are called."""
    return same_name(found)


@judges.of(
    "1.27-k",
    sees=pair("inlined", "inlined elsewhere"),
    control=(
        Control("closures that one function has made", pair("called", "called again"), Outcome.HOLDS),
        STRANGERS,
    ),
)
def same_code(found: Pair) -> Finding:
    """Closures that have captured different values have the same code pointer although they stem from two places where
    the function around their literal is inlined."""
    one, other = found
    shows = "\n".join(f"{each.Label}: gives {each.Gives}, code at {each.Code:#x}" for each in found)
    if one.Gives == other.Gives:
        return unclear("the closures have captured the same value", shows)
    equal = one.Code == other.Code
    pointers = "the same code pointer" if equal else "different code pointers"
    return decided(equal, f"closures that give {one.Gives} and {other.Gives} have {pointers}", shows)
