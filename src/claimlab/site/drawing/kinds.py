"""How each kind of picture is shown."""

from collections.abc import Mapping
from typing import Final

from claimlab.pictures import Amounts, Chain, Code, Distribution, Frequencies, Layout, Rates, Registers, Story
from claimlab.site.drawing.chains import CHAIN
from claimlab.site.drawing.codes import CODE
from claimlab.site.drawing.kind import Kind
from claimlab.site.drawing.layouts import LAYOUT
from claimlab.site.drawing.registers import REGISTERS
from claimlab.site.drawing.samples import AMOUNTS, DISTRIBUTION
from claimlab.site.drawing.shares import FREQUENCIES, RATES
from claimlab.site.drawing.stories import STORY

KINDS: Final[Mapping[type, Kind]] = {
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
