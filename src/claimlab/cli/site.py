"""docs, translations and verdicts: what the record says, as pages and in the terminal."""

from invoke.context import Context
from invoke.exceptions import Exit
from invoke.tasks import task

from claimlab.cli import report, run_labs
from claimlab.cli.measuring import measuring_laboratory
from claimlab.cli.speaking import CLUSTER_HELP, ENGINE_HELP, ON_HELP, or_exit, print_data, project_of, say
from claimlab.cli.terminal import Terminal
from claimlab.project.errors import EXIT_DIFFERS, Refused
from claimlab.questions.laboratory import laboratory
from claimlab.verdicts.ledger import Ledger, as_json


@task(
    help={
        "engine": ENGINE_HELP,
        "go": "show only these toolchains: 1.24.11, 1.24, +noswissmap; repeatable",
        "strict": "fail if any trial is missing, stale or broken",
        "no-run": "build from the record as it is; measure nothing",
        "no-records": "offer no records of single trials for download: a third of the site's size",
        "cluster": CLUSTER_HELP,
        "on": ON_HELP,
    },
    iterable=["go", "on"],
)
@or_exit
def docs(
    c: Context,
    go: list[str],
    on: list[str],
    engine: str = "",
    strict: bool = False,
    no_run: bool = False,
    no_records: bool = False,
    cluster: str = "",
) -> None:
    """Run what is missing, then build the pages from the record.

    claimlab docs
    claimlab docs --strict
    claimlab docs --go 1.23 --go 1.24
    claimlab docs --no-run
    claimlab docs --no-records
    claimlab docs --cluster tcp://lab:8786

    The site is _build/html in the project's folder of pages; it needs no server and no network.
    """
    ours = measuring_laboratory(project_of(c), engine, cluster, on)
    ours.toolchains(go)  # what Sphinx is to show is known before it starts
    code = 0
    if not no_run:
        code = run_labs.run(ours, ours.labs, go=go)
        if code not in (0, EXIT_DIFFERS):
            raise Exit(code=code)
    from claimlab.site.build import build_site  # Sphinx is slow to import

    print(build_site(ours.project, ours.engine.name, go=go, strict=strict, records=not no_records, say=say))
    if strict and code:
        raise Exit("the pages are built, but not every outcome is as expected (see above)", code)


@task(
    help={
        "article": "only the claims of this article, by its name",
        "engine": ENGINE_HELP,
        "json": "print data: a list with one object a claim",
    }
)
@or_exit
def verdicts(c: Context, article: str = "", engine: str = "", json: bool = False) -> None:
    """Print the verdict of every claim, from the record alone.

    claimlab verdicts
    claimlab verdicts --article maps
    claimlab verdicts --json | jq '.[] | select(.verdict == "refuted").id'
    """
    ledger = Ledger(laboratory(project_of(c), engine))
    rows = [row for row in ledger.rows if article in ("", row.claim.article)]
    if not rows:
        known = ", ".join(one.name for one in ledger.project.articles)
        raise Refused(f"There is no article {article!r} with claims.", f"Articles: {known or 'none'}.")
    if json:
        print_data(as_json(rows))
    else:
        console = Terminal(highlight=False)
        report.show_table(console, rows, [toolchain.name for toolchain in ledger.toolchains])
        console.print(f"\n{report.coverage(rows)}", markup=False)
        for line in report.hosts(rows):
            console.print(line, markup=False)
    for fault in ledger.survey.told(ledger.laboratory.labs):
        say(fault)


@task
@or_exit
def translations(c: Context) -> None:
    """Bring the catalogues of the pages' further languages up to date after a text has changed.

    claimlab translations

    New and changed messages are left empty in the folder locale of the pages; fill them in.
    """
    from claimlab.site.translations import (  # Babel and Sphinx are slow to import
        INTERFACE,
        update_interface,
        update_judges,
        update_prose,
    )

    project = project_of(c)
    if INTERFACE.is_relative_to(project.root):
        update_interface()
    update_judges(Ledger(laboratory(project, "")))
    update_prose(project)
