"""docs, translations and verdicts: what the record says, as pages and in the terminal."""

from invoke.context import Context
from invoke.exceptions import Exit
from invoke.tasks import task
from rich.console import Console

from claimlab.benches.engines import choose
from claimlab.cli import report, run_labs
from claimlab.cli.speaking import or_exit, say
from claimlab.project.errors import EXIT_DIFFERS
from claimlab.trials.lab import find_labs
from claimlab.verdicts.ledger import Ledger, as_json


@task(
    help={
        "engine": "docker, local or auto (docker where a daemon answers)",
        "go": "show only these toolchains: 1.24.11, 1.24, +noswissmap; repeatable",
        "strict": "fail if any trial is missing, stale or broken",
        "no-run": "build from the record as it is; measure nothing",
    },
    iterable=["go"],
)
@or_exit
def docs(c: Context, go: list[str], engine: str = "auto", strict: bool = False, no_run: bool = False) -> None:
    """Run what is missing, then build the pages from the record.

    ./inv docs
    ./inv docs --strict
    ./inv docs --go 1.23 --go 1.24
    ./inv docs --no-run

    The site is docs/_build/html; it needs no server and no network.
    """
    code = 0
    if not no_run:
        code = run_labs.run(find_labs(), go=go, engine_name=engine)
        if code not in (0, EXIT_DIFFERS):
            raise Exit(code=code)
    from claimlab.site.build import build_site  # Sphinx is slow to import

    print(build_site(choose(engine).name, go=go, strict=strict, say=say))
    if strict and code:
        raise Exit("the pages are built, but not every outcome is as expected (see above)", code)


@task(
    help={
        "engine": "docker, local or auto (docker where a daemon answers)",
        "json": "print data: a list with one object a claim",
    }
)
@or_exit
def verdicts(c: Context, engine: str = "auto", json: bool = False) -> None:
    """Print the verdict of every claim, from the record alone.

    ./inv verdicts
    ./inv verdicts --json | jq '.[] | select(.verdict == "refuted").id'
    """
    ledger = Ledger(choose(engine))
    if json:
        print(as_json(ledger.rows))
        return
    console = Console(highlight=False)
    report.show_table(console, ledger.rows, [toolchain.name for toolchain in ledger.toolchains])
    console.print(f"\n{report.coverage(ledger.rows)}", markup=False)


@task
@or_exit
def translations(c: Context) -> None:
    """Bring the Chinese catalogues up to date after a text of the pages or of the interface has changed.

    ./inv translations

    New and changed messages are left empty in src/claimlab/site/locale and docs/locale; fill them in.
    """
    from claimlab.site.translations import update_interface, update_prose  # Babel and Sphinx are slow to import

    update_interface()
    update_prose()
