"""What presenters and kinds of pictures of a project's own are made with.

A module of the project maps types of data to what shows them, and ``claimlab.toml`` names the maps::

    [extensions]
    presenters = ["my_evidence:PRESENTERS"]
    pictures = ["my_drawings:KINDS"]

Such a module is imported when pages are built, never when a lab measures: the types of data stand in a module of their
own, which takes part in measuring, so that another way of showing them measures nothing anew.
"""

from claimlab.site.drawing.canvas import Canvas
from claimlab.site.drawing.kind import NARROW, WIDE, Kind, Table, in_both_widths
from claimlab.site.evidence import Presenter
from claimlab.site.evidence.alike import in_tabs
from claimlab.site.evidence.room import Place
from claimlab.site.evidence.tables import rows_of, side_by_side
from claimlab.site.html import listing, paragraph

__all__ = [
    "NARROW",
    "WIDE",
    "Canvas",
    "Kind",
    "Place",
    "Presenter",
    "Table",
    "in_both_widths",
    "in_tabs",
    "listing",
    "paragraph",
    "rows_of",
    "side_by_side",
]
