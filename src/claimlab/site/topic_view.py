"""Topics: a question, its answer for the newest release, and the claims behind it."""

from collections.abc import Iterator

from markupsafe import Markup

from claimlab.project.outcome import Outcome
from claimlab.project.topics import Topic
from claimlab.site.data import SiteData
from claimlab.site.reader import Reader
from claimlab.site.render import render
from claimlab.toolchains.toolchain import NO_AXIS
from claimlab.verdicts.expectations import is_expected
from claimlab.verdicts.ledger import Row


def where_now(site: SiteData, row: Row) -> str:
    """The newest release that is asked, as the row names it."""
    newest = site.releases[-1].name if site.releases else NO_AXIS
    return newest if newest in row.axis else NO_AXIS


def seen_now(site: SiteData, row: Row) -> Outcome:
    """On the newest release that is asked."""
    return row.outcomes.get(where_now(site, row), Outcome.MISSING)


def otherwise(site: SiteData, topic: Topic) -> list[tuple[Row, Outcome]]:
    """The claims that have another outcome than the answer rests on, each with what was seen."""
    found = [(site.rows[ref], expected) for ref, expected in topic.rests_on.items()]
    return [(row, now) for row, expected in found if (now := seen_now(site, row)) is not expected]


def is_of_the_host(site: SiteData, row: Row, one: Outcome, other: Outcome) -> bool:
    """Both may be seen on the newest release, each on hosts of its own, as the claims data says."""
    tool = row.axis.get(where_now(site, row))
    return is_expected(row.claim, tool, one) and is_expected(row.claim, tool, other)


def unborne(site: SiteData) -> Iterator[str]:
    """A sentence for each answer that cannot stand: what was seen does not bear it out, and the host is not why."""
    for topic in site.project.topics:
        rests_on = topic.rests_on
        others = [
            f"{row.label} {now} and not {rests_on[row.claim.ref]}"
            for row, now in otherwise(site, topic)
            if not is_of_the_host(site, row, now, rests_on[row.claim.ref])
        ]
        if others:
            yield f"the answer of the topic {topic.id} is not borne out: {', '.join(others)}"


def topic_body(site: SiteData, topic: Topic, reader: Reader) -> Markup:
    """All of the page below its title."""
    return render(
        "topic.html",
        reader,
        topic=topic,
        rows=[site.rows[ref] for ref in topic.rests_on],
        newest=site.releases[-1].series if site.releases else "",
        others=otherwise(site, topic),
    )


def topics(site: SiteData, reader: Reader) -> Markup:
    """Every question with its answer, or none where that is not borne out; nothing where the project has no topics."""
    found = [(topic, not otherwise(site, topic)) for topic in site.project.topics]
    newest = site.releases[-1].series if site.releases else ""
    return render("topics.html", reader, topics=found, newest=newest) if found else Markup("")
