"""Verdicts in words, in the reader's language: "holds on 1.21 – 1.23, void on 1.24: maps became Swiss tables"."""

from collections.abc import Mapping, Sequence

from claimlab.project.languages import N_, Language, Translate, in_english
from claimlab.toolchains.toolchain import NO_AXIS
from claimlab.verdicts.verdict import Span, Variant, Verdict


def verdict_in_words(verdict: Verdict, translate: Translate = in_english, language: Language = "en") -> str:
    """Where the claim holds, and what made the difference if a variant shows it."""
    if verdict.gaps:
        return translate("; ").join(
            translate(str(outcome))
            if NO_AXIS in names
            else translate("{outcome} on {toolchains}").format(
                outcome=translate(str(outcome)), toolchains=translate(", ").join(names)
            )
            for outcome, names in verdict.gaps
        )
    if not verdict.spans:
        return translate("no plain build was asked")
    words = ""
    for clause in _clauses(verdict.spans, translate):
        words = translate("{earlier}, {later}").format(earlier=words, later=clause) if words else clause
    reasons = [one.undoes.of(language) for one in verdict.variants if one.explains and one.undoes]
    if reasons:
        words = translate("{verdict}: {reason}").format(verdict=words, reason=translate(", ").join(reasons))
    if not verdict.unasked:
        return words
    return translate("{verdict}; not asked: {releases}").format(
        verdict=words, releases=translate(", ").join(map(_range, verdict.unasked))
    )


def _clauses(spans: Sequence[Span], translate: Translate) -> list[str]:
    if len(spans) == 1:
        text = N_("{outcome} on every release tested") if spans[0].first else N_("{outcome}")
        if alone := spans[0].alone:
            text = N_("{outcome} on {release}, the only release tested")
        return [translate(text).format(outcome=translate(str(spans[0].outcome)), release=alone)]
    return [
        translate("{outcome} on {toolchains}").format(
            outcome=translate(str(one.outcome)), toolchains=releases_in_words(one, translate)
        )
        for one in spans
    ]


def releases_in_words(span: Span, translate: Translate = in_english) -> str:
    """``1.21 – 1.23``: all of these were asked, and none beside them is spoken of."""
    return _listed([_range(one) for one in span.ranges], translate)


def _listed(names: Sequence[str], translate: Translate) -> str:
    return translate(" and ").join(filter(None, (translate(", ").join(names[:-1]), names[-1])))


def _range(ends: tuple[str, str]) -> str:
    first, last = ends
    return first if first == last else f"{first} – {last}"


def variant_in_words(variant: Variant, translate: Translate = in_english) -> str:
    """What a variant shows."""
    built = N_("{outcome} on Go {releases} built with GOEXPERIMENT={name}")
    run = N_("{outcome} on Go {releases} run with GODEBUG={name}")
    text = run if "=" in variant.name else built
    return translate(text).format(
        name=variant.name,
        releases=_listed(variant.releases, translate),
        outcome=translate(str(variant.outcome)),
    )


def where_in_words(host: Mapping[str, str], place: Mapping[str, str]) -> str:
    """A host, and in its place the tool that may be another on the same one."""
    return ", ".join(filter(None, (host_in_words(host), place.get("gdb"))))


def host_in_words(host: Mapping[str, str], translate: Translate = in_english) -> str:
    """The facts of a host, as far as they were recorded."""
    known = {
        "cpu": "{value}",
        "cores": N_("{value} cores"),
        "kernel": N_("kernel {value}"),
        "machine": "{value}",
    }
    return translate(", ").join(
        translate(text).format(value=host[name]) for name, text in known.items() if name in host
    )
