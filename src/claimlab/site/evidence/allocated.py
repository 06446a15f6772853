"""How allocations are shown: what a call costs side by side, and below it who asks for what."""

from collections.abc import Iterable, Mapping

from markupsafe import Markup

from claimlab.instruments.allocations import Allocated, Allocations, Site
from claimlab.site.evidence.alike import in_tabs
from claimlab.site.evidence.room import Place
from claimlab.site.evidence.tables import Shown, rows_of, side_by_side
from claimlab.site.html import paragraph
from claimlab.site.reader import say


def programs(seen: Mapping[str, Allocations], place: Place) -> Markup:
    entries = {name: say("{count} functions", count=len(found.entries)) for name, found in seen.items()}
    extra: dict[str, dict[str, Shown]] = {say("the allocator itself"): dict(entries)}
    return _shown({name: found.functions for name, found in seen.items()}, extra, place)


def functions(seen: Mapping[str, Mapping[str, Allocated]], place: Place) -> Markup:
    return _shown(seen, {}, place)


def _shown(
    seen: Mapping[str, Mapping[str, Allocated]], extra: Mapping[str, Mapping[str, Shown]], place: Place
) -> Markup:
    """A row for each function with the counts of both witnesses; then the sites, by toolchains that agree."""
    names = dict.fromkeys(name for found in seen.values() for name in found)
    rows: dict[str, Mapping[str, Shown]] = {
        name: {toolchain: _costs(found[name]) for toolchain, found in seen.items() if name in found} for name in names
    }
    label = say("What a call allocates")
    content = side_by_side(label, say("Function"), {**rows, **extra}, list(seen), place.part(1 / 2))
    sites = {name: [site for one in found.values() for site in _per_call(one)] for name, found in seen.items()}
    if not any(sites.values()):
        return content
    return content + in_tabs(sites, _sites, place.part(1 / 2).under("sites"))


def _costs(one: Allocated) -> Shown:
    size = f"{one.size_bytes:,g}"
    return (
        say("objects: {count}, bytes: {size}", count=f"{one.objects:g}", size=size),
        say("objects by gdb: {count}", count=f"{one.objects_by_gdb:g}"),
    )


def _per_call(one: Allocated) -> list[list[Shown]]:
    return [[one.function, *_words(site, one.watched)] for site in one.sites]


def _words(site: Site, watched: int) -> list[Shown]:
    return [
        site.function,
        f"{site.objects / watched:g}",
        f"{site.size_bytes / watched:,g}",
        " < ".join(site.chain),
    ]


def _sites(found: Iterable[list[Shown]], place: Place) -> Markup:
    rows = list(found)
    if not rows:
        return paragraph(say("Nothing is allocated."))
    head = [say("Function"), say("Asked for by"), say("Objects"), say("Bytes asked for"), say("Calls")]
    return rows_of(say("Who allocates, by gdb, in each call"), head, rows, place)
