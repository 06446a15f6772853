"""How layouts of types are shown: field by field, with the toolchains side by side, so that one sees what moved."""

from collections.abc import Mapping, Sequence

from docutils import nodes

from claimlab.instruments.layout import WORD_BYTES, PointerLayout, TypeLayout
from claimlab.sphinx.elements import paragraph
from claimlab.sphinx.evidence.alike import Shown, in_short, side_by_side

LONGEST_LIST = 24


def types(seen: Mapping[str, Mapping[str, TypeLayout]]) -> list[nodes.Node]:
    """A table for each type; of those that no binary has only the names."""
    content: list[nodes.Node] = []
    nowhere: list[str] = []
    for name in dict.fromkeys(name for found in seen.values() for name in found):
        layouts = {toolchain: found[name] for toolchain, found in seen.items() if name in found}
        if not any(layout.present for layout in layouts.values()):
            nowhere.append(name)
            continue
        content += [paragraph(nodes.strong("", name)), *side_by_side(name, "Field", _fields(layouts), list(layouts))]
    if content:
        lead = "For each field: its offset, its size, its type. A dash: there is no such field."
        content.insert(0, paragraph(nodes.Text(lead)))
    if nowhere:
        content.append(paragraph(nodes.Text(f"Not in the binaries of {in_short(list(seen))}: {', '.join(nowhere)}.")))
    return content


def _fields(layouts: Mapping[str, TypeLayout]) -> dict[str, dict[str, Shown]]:
    rows: dict[str, dict[str, Shown]] = {"(the whole)": {name: _whole(layout) for name, layout in layouts.items()}}
    for toolchain, layout in layouts.items():
        blanks = 0
        for field in layout.fields:
            blanks += field.name == "_"
            name = f"_ ({blanks})" if field.name == "_" else field.name
            rows.setdefault(name, {})[toolchain] = (f"at {field.offset}, {field.size} bytes", field.type)
        for part in layout.parts:
            rows.setdefault(f"part {part.path}", {})[toolchain] = (f"at {part.offset}, {part.size} bytes", part.type)
    return rows


def _whole(layout: TypeLayout) -> Shown:
    if not layout.present:
        return "no such type"
    size = f"{layout.size} bytes, aligned to {layout.align}"
    return (size, f"{layout.count} × {layout.element}") if layout.element else size


def pointers(seen: Mapping[str, Mapping[str, PointerLayout]]) -> list[nodes.Node]:
    rows: dict[str, dict[str, Shown]] = {}
    for toolchain, found in seen.items():
        for label, layout in found.items():
            rows.setdefault(label, {})[toolchain] = _pointers(layout)
    return side_by_side("Where the collector looks for pointers", "Type", rows, list(seen))


def _pointers(layout: PointerLayout) -> Shown:
    if not layout.present:
        return "no such value"
    said = [*([layout.name] if layout.name else []), f"{layout.size} bytes, aligned to {layout.align}"]
    words = layout.size // WORD_BYTES
    if layout.words is None:
        said.append(f"pointers within the first {layout.ptr_bytes} bytes; nothing has asked for their mask yet")
    elif layout.words:
        said.append(f"pointers in {len(layout.words)} of {words} words: {in_runs(layout.words)}")
        said.append(f"the collector looks at the first {layout.ptr_bytes} bytes")
    else:
        said.append("no pointers")
    if layout.form in ("program", "on demand"):
        said.append("the mask is made by a program" if layout.form == "program" else "the mask is made on demand")
    if layout.map_type:
        said.append(f"{layout.block}: " + ", ".join(f"{name} {value}" for name, value in layout.map_type.items()))
    return tuple(said)


def in_runs(numbers: Sequence[int]) -> str:
    """``0, 3–5, 9``; of a very long list the beginning and the end."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1] = [runs[-1][0], number]
        else:
            runs.append([number])
    words = [f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs]
    if len(words) > LONGEST_LIST:
        words = [*words[: LONGEST_LIST - 2], "…", words[-1]]
    return ", ".join(words)
