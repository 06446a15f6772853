"""The words of pictures, in English and Chinese: whose something is, and what drawings and tables say beside data."""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import groupby
from typing import Final

from claimlab.pictures import Article, Said, Whose
from claimlab.project.languages import Language, Words
from claimlab.project.singular import singular
from claimlab.site.asked import asked
from claimlab.toolchains.toolchain import NO_AXIS, Toolchain, for_all

LONGEST_RUN: Final = 2
"""Neighbouring releases that are named one by one."""


def say(said: Said, language: Language) -> str:
    return said if isinstance(said, str) else said.of(language)


def interface(language: Language) -> Language:
    """The language that claimlab's own words are in for a reader of that language."""
    return "zh" if language == "zh" else "en"


def sentence(english: str, chinese: str, language: Language) -> str:
    return singular(english) if language != "zh" else chinese


def listed(parts: Iterable[str], language: Language) -> str:
    return (", " if language != "zh" else "、").join(parts)


def joined(sentences: Iterable[str], language: Language) -> str:
    return (" " if language != "zh" else "").join(part for part in sentences if part)


def told_of(name: str, said: str, language: Language) -> str:
    """A sentence that begins with what it is about."""
    return sentence(f"{name}: {said}.", f"{name}：{said}。", language) if name else closed(said, language)


def closed(said: str, language: Language) -> str:
    """With its full stop."""
    return said + sentence(".", "。", language)


def clauses(parts: Iterable[str], language: Language) -> str:
    return ("; " if language != "zh" else "；").join(part for part in parts if part)


def whose(one: Whose | None, language: Language) -> str:
    if one is None:
        return ""
    if isinstance(one, Article):
        return sentence("The article", "文章", language)
    return releases(one.toolchains, language)


def releases(toolchains: Sequence[str], language: Language) -> str:
    """Such as "Go 1.21 – 1.23; 1.24, 1.25 with noswissmap".

    A variant is not named beside its release: it showed the same.
    """
    return _releases(tuple(toolchains), language, asked())


@cache
def _releases(toolchains: tuple[str, ...], language: Language, known: tuple[Toolchain, ...]) -> str:
    plain = [tool for tool in known if not tool.variant]
    shown = {tool.name for tool in known} & set(toolchains)
    if not shown:
        return sentence("Measured", "实测", language) if toolchains == (NO_AXIS,) else listed(toolchains, language)
    if shown >= {tool.name for tool in for_all(known)}:
        return sentence("Every release", "所有版本", language)
    here = [place for place, tool in enumerate(plain) if tool.name in shown]
    runs = [[plain[at].series for _, at in run] for _, run in groupby(enumerate(here), lambda pair: pair[0] - pair[1])]
    parts = []
    if runs:
        spans = [f"{run[0]} – {run[-1]}" if len(run) > LONGEST_RUN else listed(run, language) for run in runs]
        parts.append(f"Go {listed(spans, language)}")
    variants: dict[str, list[str]] = {}
    for tool in known:
        if tool.name in shown and tool.variant and tool.release.name not in shown:
            variants.setdefault(tool.variant, []).append(tool.series)
    for variant, found in variants.items():
        names = listed(found, language)
        go = "" if parts else "Go "
        parts.append(sentence(f"{go}{names} with {variant}", f"{go}{names}（{variant}）", language))
    return clauses(parts, language)


def grouped(value: float) -> str:
    """A number as people read it: 12,800; 47.9; 0.312."""
    return figures([value])(value)


def figures(values: Sequence[float]) -> Callable[[float], str]:
    """How numbers are written that stand in one column: all with as many decimals as the greatest of them needs."""
    greatest = max(map(abs, values))
    decimals = 1 if greatest >= 10 else 2 if greatest >= 1 else 3
    if all(value == int(value) for value in values):
        decimals = 0
    return lambda value: f"{value:,.{decimals}f}"


def tick(value: float) -> str:
    """A round number at an axis."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:g}"


def percent(share: float) -> str:
    """A share with one decimal, without it where that is exact."""
    return f"{100 * share:.1f}".removesuffix(".0") + " %"


def bytes_of(size: int, language: Language) -> str:
    return sentence(f"{size} bytes", f"{size} 字节", language)


DATA: Final = Words("Data (JSON)", "数据（JSON）")
IN_WORDS: Final = Words("In words and as a table", "文字说明与数据表")
