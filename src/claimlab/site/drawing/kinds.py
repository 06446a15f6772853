"""How each kind of picture is shown: claimlab's own, and those that a project adds."""

from collections.abc import Mapping
from functools import cache
from typing import Final

from claimlab.pictures import Amounts, Chain, Code, Distribution, Frequencies, Layout, Rates, Registers, Story
from claimlab.project import extensions
from claimlab.project.errors import BadData
from claimlab.project.project import FILE, Project
from claimlab.site.drawing.chains import CHAIN
from claimlab.site.drawing.codes import CODE
from claimlab.site.drawing.kind import Kind
from claimlab.site.drawing.layouts import LAYOUT
from claimlab.site.drawing.registers import REGISTERS
from claimlab.site.drawing.samples import AMOUNTS, DISTRIBUTION
from claimlab.site.drawing.shares import FREQUENCIES, RATES
from claimlab.site.drawing.stories import STORY

Kinds = Mapping[type, Kind]
KINDS: Final[Kinds] = {
    Layout: LAYOUT,
    Registers: REGISTERS,
    Code: CODE,
    Chain: CHAIN,
    Distribution: DISTRIBUTION,
    Amounts: AMOUNTS,
    Rates: RATES,
    Frequencies: FREQUENCIES,
    Story: STORY,
}


@cache
def kinds_of(project: Project) -> Kinds:
    """All kinds of pictures of a project; one of its own counts before claimlab's of the same type."""
    own = extensions.mapped(project, "pictures")
    for picture, kind in own.items():
        if not isinstance(picture, type) or not isinstance(kind, Kind):
            raise BadData(str(project.root / FILE), f"extensions.pictures: {picture!r}: {kind!r} is no Kind")
    return {**KINDS, **own}
