"""Pictures, drawn: inline SVG that follows light and dark, in two widths, with words and data beside it."""

from claimlab.site.drawing.figure import add_figures, draw, figure
from claimlab.site.drawing.gallery import pictures_of, pictures_of_lab

__all__ = ["add_figures", "draw", "figure", "pictures_of", "pictures_of_lab"]
