"""What the observations of removed-godebug say of the claims 1.27-b and 1.27-c."""

from dataclasses import dataclass

from claimlab import Control, Finding, Judges, Outcome, Ran, decided, unclear, void

from .lab import Built, Seen

judges = Judges()


def told(ran: Ran) -> str:
    how = f"GODEBUG={ran.env['GODEBUG']} " if "GODEBUG" in ran.env else ""
    return f"{how}{ran.argv[0]}: {ran.stdout.strip() or ran.stderr.partition(chr(10))[0]}"


@judges.of(
    "1.27-b",
    sees=lambda seen: seen.runs,
    control=Control("a channel that was made with a buffer", lambda seen: [seen.buffered], Outcome.FAILS),
)
def unbuffered(runs: list[Ran]) -> Finding:
    """In no process, whatever `asynctimerchan` is set to, has a channel of package time a capacity.

    Processes that the runtime ends because of the setting have no channel; they are counted apart.
    """
    shows = "\n".join(map(told, runs))
    ended = [one for one in runs if one.exit_code]
    capacities = [one.stdout.split() for one in runs if not one.exit_code]
    if any("asynctimerchan" not in one.stderr for one in ended) or not capacities:
        return unclear("a process ended for another reason than the setting", shows)
    buffered = sum(set(one) != {"0"} for one in capacities)
    words = f"in {buffered} of {len(capacities)} processes the channels have a buffer"
    words += f"; {len(ended)} more were ended by the runtime because of the setting's value" if ended else ""
    return decided(not buffered, words, shows)


@dataclass(frozen=True)
class Setting:
    """What the go command says of a setting, in each place."""

    last: list[Built]
    """With the value that is its last default."""
    old: list[Built]
    """With values that were of use before."""


def setting(seen: Seen, last: str, *old: str) -> Setting:
    """Only in places in which the release takes a setting at all."""
    places = [one.place for one in seen.built if one.setting == "panicnil=1" and not one.refused]
    known = [one for one in seen.built if one.place in places]
    return Setting(
        [one for one in known if one.setting == last],
        [one for one in known if one.setting in old],
    )


@judges.of(
    "1.27-c",
    sees=lambda seen: setting(seen, "asynctimerchan=0", "asynctimerchan=1", "asynctimerchan=2"),
    control=Control(
        "a setting that was not removed", lambda seen: setting(seen, "panicnil=0", "panicnil=1"), Outcome.FAILS
    ),
)
def old_values_are_refused(found: Setting) -> Finding:
    """The go command builds with the last default of the removed setting, and refuses its old values, in each place
    where the release takes settings: go.mod and a comment."""
    every = [*found.last, *found.old]
    shows = "\n".join(f"{one.setting} in {one.place}: {one.refused or 'built'}" for one in every)
    if not found.last:
        return unclear("no place takes a setting", shows)
    if all(one.refused for one in every):
        return void("the go command knows no value of the setting", shows)
    refused = sum(bool(one.refused) for one in found.old)
    taken = sum(not one.refused for one in found.last)
    words = (
        f"refused were {refused} of {len(found.old)} old values, and taken {taken} of {len(found.last)} last defaults"
    )
    return decided(refused == len(found.old) and taken == len(found.last), words, shows)
