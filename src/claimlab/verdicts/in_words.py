"""Verdicts in words, in the reader's language: "holds up to 1.23, void since 1.24: maps became Swiss tables"."""

from collections.abc import Sequence

from claimlab.project.languages import N_, Language, Translate, in_english
from claimlab.verdicts.verdict import Span, Variant, Verdict


def verdict_in_words(verdict: Verdict, translate: Translate = in_english, language: Language = "en") -> str:
    """Where the claim holds, and what made the difference if an experiment shows it."""
    if verdict.gaps:
        return translate("; ").join(
            translate("{outcome} on {toolchains}").format(
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
    if not reasons:
        return words
    return translate("{verdict}: {reason}").format(verdict=words, reason=translate(", ").join(reasons))


def _clauses(spans: Sequence[Span], translate: Translate) -> list[str]:
    if len(spans) == 1:
        text = N_("{outcome} on every release tested") if spans[0].first else N_("{outcome}")
        return [translate(text).format(outcome=translate(str(spans[0].outcome)))]
    return spans_in_words([(translate(str(one.outcome)), one.first, one.last) for one in spans], translate)


def spans_in_words(spans: Sequence[tuple[str, str, str]], translate: Translate = in_english) -> list[str]:
    """A clause for each of two or more spans: what is so, and the first and the last release on which it is."""
    words = []
    for place, (what, first, last) in enumerate(spans):
        if place == 0:
            text = N_("{outcome} up to {last}")
        elif place == len(spans) - 1:
            text = N_("{outcome} since {first}")
        else:
            text = N_("{outcome} in {first}") if first == last else N_("{outcome} from {first} to {last}")
        words.append(translate(text).format(outcome=what, first=first, last=last))
    return words


def variant_in_words(variant: Variant, translate: Translate = in_english) -> str:
    """What the build with an experiment shows."""
    text = N_("built with GOEXPERIMENT={experiment}, Go {releases}: {outcome}")
    return translate(text).format(
        experiment=variant.experiment,
        releases=translate(", ").join(variant.releases),
        outcome=translate(str(variant.outcome)),
    )
