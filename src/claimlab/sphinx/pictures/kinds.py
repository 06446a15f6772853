"""How each kind of picture is shown."""

from collections.abc import Mapping
from typing import Final

from claimlab.picture import Amounts, Chain, Code, Distribution, Frequencies, Layout, Rates, Registers, Story
from claimlab.sphinx.pictures.chains import CHAIN
from claimlab.sphinx.pictures.codes import CODE
from claimlab.sphinx.pictures.kind import Kind
from claimlab.sphinx.pictures.layouts import LAYOUT
from claimlab.sphinx.pictures.registers import REGISTERS
from claimlab.sphinx.pictures.samples import AMOUNTS, DISTRIBUTION
from claimlab.sphinx.pictures.shares import FREQUENCIES, RATES
from claimlab.sphinx.pictures.stories import STORY

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
