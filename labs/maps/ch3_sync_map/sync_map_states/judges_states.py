"""What the two maps do in each state: the claims 3.1-c, 3.1-d, 3.1-j, 3.1-k, 3.1-l and 3.1-m."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from claimlab import Control, Finding, Judges, Outcome, decided, fails, holds, unclear, void

from .seen import MISSING, Probe, Seen, State, Step

judges = Judges()

VOID = void("`sync.Map` has no read map and no dirty map in this toolchain")
STORES = ("Store", "Swap", "LoadOrStore")
"""Operations that may give a key a value."""


@dataclass(frozen=True)
class Move:
    """One operation, with the state it began in."""

    number: int
    before: State
    step: Step

    @property
    def after(self) -> State:
        return self.step.after

    def enters(self) -> bool:
        """It leads from a state that is not amended to one that is."""
        return not self.before.Amended and self.after.Amended

    def __str__(self) -> str:
        return str(self.step)


@dataclass(frozen=True)
class Walk:
    """What a map went through."""

    exists: bool
    steps: list[Step]
    probes: list[Probe] = field(default_factory=list)
    assigned: str = ""

    def moves(self) -> list[Move]:
        pairs = enumerate(pairwise(self.steps), start=1)
        every = [Move(number, before.after, step) for number, (before, step) in pairs]
        return [move for move in every if move.step.answer != MISSING]

    def disagreements(self) -> list[Step]:
        return [step for step in self.steps if not step.agreed]


def walk(seen: Seen, name: str, scenario: str = "") -> Walk:
    shared = name == "shared"
    steps = seen.walks[f"{name} {scenario or ('tour' if shared else 'short')}"]
    return Walk(not shared or seen.has_fields, steps, seen.probes if shared else [], seen.assigned.get(name, ""))


def as_text(moves: Iterable[object]) -> str:
    return "\n".join(map(str, moves))


def settled(told: Walk, outcome: Finding) -> Finding:
    """The finding, if the two instruments read the same all along the walk."""
    if not told.exists:
        return VOID
    if disagreed := told.disagreements():
        return unclear(f"the instruments disagree in {len(disagreed)} of {len(told.steps)} states", as_text(disagreed))
    return outcome


AS_TOLD = Control("a map of ours that does what the article says", lambda seen: walk(seen, "asTold"), Outcome.HOLDS)
CONTRARY = Control(
    "a map of ours that is amended by writes to keys its read map has",
    lambda seen: walk(seen, "contrary"),
    Outcome.FAILS,
)


def in_short(probe: Probe) -> str:
    said = [f"{probe.Place or 'all'}: {'locks mu' if probe.Waited else 'no lock'}"]
    said += ["a miss"] if probe.Misses == 1 else []
    return ", ".join([*said, *(["promotes"] if probe.Promoted else [])])


def misses_table(probes: list[Probe]) -> str:
    """Which operations count as misses, by where the key is."""
    rows = []
    for name in dict.fromkeys(probe.Operation for probe in probes):
        cells = [in_short(one) for one in probes if one.Operation == name and one.From == "amended"]
        rows.append(f"  {name:16} {'; '.join(cells)}")
    return "\n".join(["while amended, by where the key is:", *rows]) if rows else ""


@judges.of("3.1-c", sees=lambda seen: walk(seen, "shared"), control=AS_TOLD)
def loads_are_served_by_read(told: Walk) -> Finding:
    """Where there is a read map, every Load is answered by it alone, without the mutex."""
    loads = [move for move in told.moves() if move.step.name == "Load" and move.before.ReadMap]
    beyond = [move for move in loads if move.step.waited]
    words = f"of {len(loads)} Loads {len(loads) - len(beyond)} were answered without the mutex"
    shows = "\n".join([as_text(loads), misses_table(told.probes)]).strip()
    if not loads:
        return settled(told, unclear(words))
    if not beyond:
        return settled(told, holds(words, shows))
    found = [move for move in beyond if move.step.answer.startswith("found") and not move.before.in_read(move.step.key)]
    for move in found[:1]:
        words += f"; `{move.step.operation}`, whose key only the dirty map had, took it, and its answer "
        words += f"({move.step.answer}) came from dirty; misses went from {move.before.Misses} to {move.after.Misses}"
    return settled(told, fails(words, shows) if found else unclear(words, shows))


@judges.of("3.1-d", sees=lambda seen: walk(seen, "shared"), control=AS_TOLD)
def writes_go_to_dirty(told: Walk) -> Finding:
    """After every Store the dirty map has the key with the new value."""
    stores = [move for move in told.moves() if move.step.name in ("Store", "Swap")]
    landed = [move for move in stores if dict(move.after.DirtyKeys).get(move.step.key) == str(move.number)]
    new = [move for move in stores if not move.before.in_read(move.step.key)]
    words = f"of {len(stores)} Stores {len(landed)} left their value in dirty, among them "
    words += f"{sum(move in landed for move in new)} of {len(new)} whose key the read map lacked"
    missed = [move for move in stores if move not in landed]
    if not missed:
        return settled(told, holds(words, as_text(stores)) if new else unclear(words))
    past = [
        move for move in missed if not move.after.Dirty and dict(move.after.ReadKeys)[move.step.key] == str(move.number)
    ]
    for move in past[:1]:
        words += f"; `{move.step.operation}` changed the entry in the read map, with no dirty map before or after, "
        words += "and took the mutex" if move.step.waited else "and did not take the mutex"
    return settled(told, fails(words, as_text(stores)) if past else unclear(words, as_text(stores)))


@judges.of("3.1-j", sees=lambda seen: walk(seen, "shared"), control=AS_TOLD)
def amended_means_more_keys(told: Walk) -> Finding:
    """In every state that is amended, the dirty map has a key that the read map lacks."""
    amended = [move for move in told.moves() if move.after.Amended]
    without = [move for move in amended if not any(not move.after.in_read(key) for key, _ in move.after.DirtyKeys)]
    words = f"of {len(amended)} amended states {len(amended) - len(without)} had a key in dirty that read lacked"
    if not amended:
        return settled(told, unclear(words))
    for move in without[:1]:
        words += f"; after `{move.step.operation}` dirty had {len(move.after.DirtyKeys)} keys, all of them in read, "
        words += "and the map was amended"
    return settled(told, decided(not without, words, as_text(without or amended)))


@judges.of(
    "3.1-k",
    sees=lambda seen: walk(seen, "shared", "nil"),
    control=Control(
        "a map of ours that does what the article says", lambda seen: walk(seen, "asTold", "nil"), Outcome.HOLDS
    ),
)
def nil_sends_all_to_dirty(told: Walk) -> Finding:
    """Every operation that begins with a nil read map, or a nil pointer to it, takes the mutex and uses the dirty map.

    The pointer is nil before the first Store. That there is a dirty map beside it has to be forged.
    """
    moves = [move for move in told.moves() if not move.before.ReadMap and move.step.name != "forge"]
    past = [move for move in moves if not used_dirty(move)]
    words = f"of {len(moves)} operations that began with a nil read map {len(moves) - len(past)} used the dirty map"
    blind = [move for move in past if move.before.in_dirty(move.step.key) and not move.step.waited]
    for move in blind[:1]:
        words += (
            f"; `{move.step.operation}` with a nil pointer and its key in dirty: {move.step.answer}, `mu` not taken"
        )
    deleted = [move for move in blind if move.step.name == "Delete"]
    words += f"; `{deleted[0].step.operation}` left its key in dirty" if deleted else ""
    if not moves or any(not move.before.in_dirty(move.step.key) and move.step.waited for move in past):
        return settled(told, unclear(words, as_text(told.steps)))
    return settled(told, decided(not past, words, as_text(told.steps)))


def used_dirty(move: Move) -> bool:
    """It took the mutex, and its effect or answer is that of the dirty map."""
    before, after = dict(move.before.DirtyKeys), dict(move.after.DirtyKeys)
    key = move.step.key
    effect = {
        "Load": move.step.answer == (f"found {before[key]}" if key in before else "absent"),
        "Store": after.get(key) == str(move.number),
        "Delete": key not in after,
    }
    return move.step.waited and effect[move.step.name]


@judges.of("3.1-l/1", sees=lambda seen: walk(seen, "shared"), control=AS_TOLD)
def dirty_is_there_while_clean(told: Walk) -> Finding:
    """In every clean state there is a dirty map, and an assignment to it succeeds.

    Clean: there is a read map, and it is not amended.
    """
    clean = [move for move in told.moves() if move.after.clean]
    without = [move for move in clean if not move.after.Dirty]
    words = f"in {len(without)} of {len(clean)} clean states `dirty` was nil; assigning to it there: “{told.assigned}”"
    if not clean or (told.assigned == "assigned") == bool(without):
        return settled(told, unclear(words, as_text(clean)))
    return settled(told, decided(not without, words, as_text(clean)))


@judges.of("3.1-l/2", sees=lambda seen: walk(seen, "shared"), control=CONTRARY)
def the_first_write_ends_the_clean_state(told: Walk) -> Finding:
    """Of the operations that begin in a clean state, those that give dirty a key leave it amended, and no others do."""
    moves = [move for move in told.moves() if move.before.clean]
    writes = [move for move in moves if move.after.Dirty and move.after.DirtyKeys != move.before.DirtyKeys]
    others = [move for move in moves if move not in writes]
    entered = [move for move in writes if move.after.Amended]
    astray = [move for move in others if move.after.Amended]
    words = (
        f"of {len(moves)} operations on a clean map {len(writes)} put keys into dirty, of which {len(entered)} left "
    )
    words += f"it amended; so did {len(astray)} of the others"
    shows = "\n".join(line for move in writes for line in [str(move), *(f"    {one}" for one in move.step.writes)])
    if not writes or not others:
        return settled(told, unclear(words, shows))
    return settled(told, decided(len(entered) == len(writes) and not astray, words, shows))


@judges.of("3.1-m/1", sees=lambda seen: walk(seen, "shared"), control=CONTRARY)
def a_write_that_misses_amends(told: Walk) -> Finding:
    """Of the operations that store a value in a clean map, just those whose key the read map lacks leave it amended.

    The miss is the writing operation's own.
    """
    moves = [move for move in told.moves() if move.before.clean and move.step.name in STORES]
    lacking = [move for move in moves if not move.before.in_read(move.step.key)]
    present = [move for move in moves if move not in lacking]
    entered = sum(move.enters() for move in lacking)
    astray = sum(move.enters() for move in present)
    words = f"{entered} of {len(lacking)} writes of a key that the read map lacked amended the map, and {astray} of "
    words += f"{len(present)} writes of a key that it had"
    if not lacking or not present:
        return settled(told, unclear(words, as_text(moves)))
    return settled(told, decided(entered == len(lacking) and not astray, words, as_text(moves)))


@judges.of("3.1-m/2", sees=lambda seen: walk(seen, "shared"), control=AS_TOLD)
def a_load_has_to_miss_first(told: Walk) -> Finding:
    """Every operation that amends a clean map comes after a Load whose key was not in that read map."""
    missed: list[Move] = []
    with_miss: list[Move] = []
    without: list[Move] = []
    for move in told.moves():
        if move.enters() and move.before.clean:
            (with_miss if missed else without).append(move)
        if move.step.name == "Load" and move.before.clean and not move.before.in_read(move.step.key):
            missed.append(move)
        if move.after.ReadMap != move.before.ReadMap or move.after.Amended:
            missed = []
    every = len(with_miss) + len(without)
    words = f"{every} operations amended a clean map, {len(with_miss)} of them after a Load that missed"
    if not every:
        return settled(told, unclear(words))
    names = ", ".join(f"`{move.step.operation}`" for move in without)
    words += f"; {names} did so with no Load before" if without else ""
    return settled(told, decided(not without, words, as_text(without or with_miss)))
