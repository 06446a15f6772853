"""What the observations of slice-escape say of the claims 4.1-c, d, e, i and k."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from claimlab import Control, Finding, Judges, Outcome, decided, unclear

from .lab import Case, Seen

judges = Judges()

ESCAPES, STAYS = "escapes to heap", "does not escape"


@dataclass(frozen=True)
class Array:
    """A slice's array: where it lives, by three witnesses."""

    case: Case
    made: str
    """As the source has it."""

    def by_count(self) -> bool | None:
        """On the heap: each call made the heap count one object more."""
        return {0: False, 1: True}.get(-1 if self.case.each is None else self.case.each)

    def by_address(self) -> bool | None:
        """On the heap: neither on the stack of the goroutine nor among the program's variables."""
        return {"stack": False, "elsewhere": True}.get(self.case.array.lies)

    def by_compiler(self) -> bool | None:
        """On the heap: the compiler says that this make escapes. None if it does not speak of it."""
        said = [line for line in self.case.said if f"{self.made} " in line]
        found = {ESCAPES in line for line in said if ESCAPES in line or STAYS in line}
        return found.pop() if len(found) == 1 else None

    def allocated(self) -> bool | None:
        """What the counters and the addresses say, if they agree."""
        return self.by_count() if self.by_count() == self.by_address() else None

    def told(self) -> str:
        words = f"{self.case.calls} calls allocated {self.case.objects} objects ({self.case.bytes} bytes)"
        return f"{words}, and the array lies {where(self.case.array.lies)}"


def where(lies: str) -> str:
    """Of an address, in words."""
    return {
        "stack": "on the goroutine's stack",
        "data": "among the program's variables",
        "elsewhere": "on the heap, neither on the stack nor among the program's variables",
    }[lies]


def lives_on_the_heap(array: Array, besides: str = "") -> Finding:
    """All three witnesses have to agree: here the size is a constant, and what the compiler decides is what happens."""
    said = f"`{array.made}` in `{array.case.label}`: {array.told()}"
    shows = "\n".join(array.case.said)
    answers = {array.allocated(), array.by_compiler()}
    if None in answers or len(answers) > 1:
        return unclear(f"the witnesses do not agree; {said}", shows)
    verb = "escapes" if answers == {True} else "does not escape"
    return decided(answers == {True}, f"{said}; the compiler says that it {verb}{besides}", shows)


def array_of(label: str, made: str) -> Callable[[Seen], Array]:
    return lambda seen: Array(seen.case(label), made)


@judges.of(
    "4.1-c",
    sees=array_of("tenKept", "make([]int, 10)"),
    control=Control(
        "the same make in a function that returns the slice", array_of("tenReturned", "make([]int, 10)"), Outcome.HOLDS
    ),
)
def ten_integers(array: Array) -> Finding:
    """A function that makes the slice, uses it and lets it go allocates the array on the heap.

    The sentence says so of every such make. Where the slice outlives its function, the heap is the only place left:
    that is the control.
    """
    return lives_on_the_heap(array)


@judges.of(
    "4.1-i",
    sees=array_of("bytesKept", "make([]byte, 100)"),
    control=Control(
        "the same make in a function that returns the slice",
        array_of("bytesReturned", "make([]byte, 100)"),
        Outcome.HOLDS,
    ),
)
def hundred_bytes(array: Array) -> Finding:
    """A function that makes the slice, uses it and lets it go allocates the array on the heap."""
    return lives_on_the_heap(array)


@dataclass(frozen=True)
class Called:
    """A function that makes a slice; and what comes of it where the call is inlined."""

    array: Array
    inlined: tuple[Array, Array] | None
    """Into a caller that lets the slice go, and into one that stores it."""


@judges.of(
    "4.1-e",
    sees=lambda seen: Called(
        Array(seen.case("fiveCalled"), "make([]int, 5)"),
        (
            Array(seen.case("fiveInlined"), "make([]int, 5)"),
            Array(seen.case("fiveInlinedAndStored"), "make([]int, 5)"),
        ),
    ),
    control=Control(
        "the same make in a function that does not return the slice",
        lambda seen: Called(Array(seen.case("fiveKept"), "make([]int, 5)"), None),
        Outcome.FAILS,
    ),
)
def five_integers(called: Called) -> Finding:
    """Where the function is called, the array of the slice that it returns is on the heap.

    It is called through a variable, which nothing can inline. Where the compiler inlines it, nothing is returned, and
    the caller decides: that is told beside it.
    """
    besides = ""
    if called.inlined:
        kept, stored = called.inlined
        inlined = all("inlining call to giveFive" in "\n".join(one.case.said) for one in called.inlined)
        if inlined and kept.allocated() is False and stored.allocated() is True:
            besides = "; inlined into a caller that lets the slice go, the same function allocates nothing "
            besides += f"({kept.case.objects} objects in {kept.case.calls} calls, array on the caller's stack)"
        else:
            besides = "; what inlining does was not seen clearly"
    return lives_on_the_heap(called.array, besides)


# --- headers -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Header:
    """A slice's header, a variable whose address is known, over an array on the heap."""

    case: Case
    arrays: int
    """How many the function makes."""

    def by_count(self) -> bool | None:
        """On the heap: each call allocated an object besides the array."""
        each = self.case.each
        return None if each is None else {0: False, 1: True}.get(each - self.arrays)

    def by_address(self) -> bool | None:
        lies = self.case.header.lies if self.case.header else ""
        return {"stack": False, "elsewhere": True}.get(lies)

    def by_compiler(self) -> bool:
        return any(f": s {ESCAPES}" in line or ": moved to heap: s" in line for line in self.case.said)

    def told(self) -> str:
        lies = where(self.case.header.lies) if self.case.header else "nowhere"
        made = self.arrays * self.case.calls
        words = f"in `{self.case.label}` the header lies {lies}; {self.case.calls} calls made {made} arrays"
        return f"{words} and allocated {self.case.objects} objects"


def headers(labels: Sequence[str]) -> Callable[[Seen], list[Header]]:
    return lambda seen: [Header(seen.case(label), 0 if label == "headerOverHeap" else 1) for label in labels]


@judges.of(
    "4.1-d",
    sees=headers(["headerOverHeap", "headerOverLarge", "headerReturned"]),
    control=Control(
        "a header whose address is stored in a package variable", headers(["headerGivenAway"]), Outcome.HOLDS
    ),
)
def header_escapes(found: list[Header]) -> Finding:
    """A variable of type `[]int` whose ptr leads to the heap is itself moved to the heap.

    The arrays were there before, are too large for a stack, or are returned. Each function takes the header's address,
    so that it has one; without that it would be in registers.
    """
    said = "; ".join(header.told() for header in found)
    shows = "\n".join(f"{header.case.label}: {line}" for header in found for line in header.case.said)
    answers = [{header.by_count(), header.by_address(), header.by_compiler()} for header in found]
    if any(len(one) > 1 or None in one for one in answers):
        return unclear(f"the witnesses do not agree; {said}", shows)
    if any(header.case.array.lies != "elsewhere" for header in found):
        return unclear(f"not every array is on the heap; {said}", shows)
    moved = sum(one == {True} for one in answers)
    words = f"with the array on the heap, the compiler moved {moved} of {len(found)} headers to the heap: {said}"
    return decided(moved == len(found), words, shows)


# --- sizes that the compiler does not know -----------------------------------------------------------------


VARIABLES = {
    "variable": "make([]int, n)",
    "variableBytes": "make([]byte, n)",
    "variableTriples": "make([][3]int, n)",
    "variableFives": "make([][5]int, n)",
}
SEEN_THROUGH = {
    "variableLength": "with the constant capacity 10",
    "variableFromConstant": "where n is set to 10 once",
    "variableFromArgument": "where n is the constant argument 10 of an inlined function",
}


@dataclass(frozen=True)
class Variables:
    """Makes of the same kind with different numbers of elements, by the kind."""

    arrays: dict[str, list[Array]]
    besides: dict[str, Array]
    returned: list[Array]
    """Of slices that are returned, whose arrays have to be on the heap."""


def variables(seen: Seen) -> Variables:
    return Variables(
        {made: [Array(case, made) for case in seen.every(label)] for label, made in VARIABLES.items()},
        {words: Array(seen.case(label), VARIABLES["variable"]) for label, words in SEEN_THROUGH.items()},
        returned(seen),
    )


def returned(seen: Seen) -> list[Array]:
    return [Array(case, VARIABLES["variable"]) for case in seen.every("variableReturned")]


@judges.of(
    "4.1-k",
    sees=variables,
    control=Control(
        "a make whose size is the constant 10",
        lambda seen: Variables(
            {"make([]int, 10)": [Array(seen.case("tenKept"), "make([]int, 10)")]}, {}, returned(seen)
        ),
        Outcome.FAILS,
    ),
)
def a_variable_number(found: Variables) -> Finding:
    """Whatever n is, a function that makes the slice, uses it and lets it go allocates the array on the heap.

    By counters and addresses. The compiler's words do not settle it: of one make it says one thing, and where the array
    lives is decided when n is known. Arrays of slices that are returned have to be on the heap by both, in every trial.
    """
    every = [array for arrays in found.arrays.values() for array in arrays]
    said = "; ".join(places(made, arrays) for made, arrays in found.arrays.items())
    stay = [words for words, array in found.besides.items() if array.allocated() is False]
    said += f"; the array is on the stack {', '.join(stay)}" if stay else ""
    shows = "\n".join(dict.fromkeys(line for array in every for line in array.case.said))
    if not every or any(array.allocated() is None for array in every):
        return unclear(f"counters and addresses do not agree; {said}", shows)
    if not all(array.allocated() for array in found.returned):
        return unclear(f"not every returned slice has its array on the heap; {said}", shows)
    return decided(all(array.allocated() for array in every), said, shows)


def places(made: str, arrays: Sequence[Array]) -> str:
    parts = []
    for words, on_heap in (("on the stack", False), ("on the heap", True)):
        found = [str(array.case.n) for array in arrays if array.allocated() is on_heap]
        if found:
            parts.append(words + (f" for n = {', '.join(found)}" if arrays[0].case.n else ""))
    return f"`{made}` is {' and '.join(parts) or 'nowhere'}"
