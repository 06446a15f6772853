"""The record's schema, from the very types that write and read it: to be read, and to be downloaded."""

import importlib
import json
import pkgutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import msgspec
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.pycode import ModuleAnalyzer
from sphinx.util.docutils import SphinxDirective

from claimlab import instruments
from claimlab.benches.bench import Command
from claimlab.site.reader import say
from claimlab.trials.record import Beside, Breakage, Observation, Provenance

FILE: Final = "reference/record.schema.json"
"""Below the folder of the pages."""
ENVELOPE: Final = (Observation, Provenance, Beside, Command, Breakage)
DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


@cache
def schema() -> dict[str, Any]:
    """JSON Schema of an observation's file, with all types of data that instruments may put into its `seen`."""
    kinds = [*ENVELOPE, *_seen_by_instruments()]
    _, components = msgspec.json.schema_components(kinds, ref_template="#/$defs/{name}")
    for kind in kinds:
        _describe(components[kind.__name__], kind)
    whole = {"$schema": DIALECT, "$ref": "#/$defs/Observation", "$defs": components}
    found: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(whole))  # an empty tuple is a list in JSON
    return found


def _seen_by_instruments() -> Iterator[type]:
    """Every type of data that an instrument defines."""
    for module in pkgutil.iter_modules(instruments.__path__):
        if not module.ispkg:
            loaded = importlib.import_module(f"{instruments.__name__}.{module.name}")
            for name, kind in vars(loaded).items():
                is_data = isinstance(kind, type) and issubclass(kind, msgspec.Struct)
                if is_data and kind.__module__ == loaded.__name__ and not name.startswith("_"):
                    yield kind


def _describe(definition: dict[str, Any], kind: type) -> None:
    """The fields' own words are in the schema."""
    said = ModuleAnalyzer.for_module(kind.__module__).find_attr_docs()
    for name, known in definition.get("properties", {}).items():
        if lines := said.get((kind.__qualname__, name)):
            known["description"] = " ".join(" ".join(lines).split())


def write_schema(app: Sphinx, exception: Exception | None) -> None:
    """The download of the record's page lies beside it."""
    if exception is None and app.builder.format == "html":
        path = Path(app.outdir) / FILE
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(schema(), indent=1) + "\n", encoding="utf-8")


class SchemaDirective(SphinxDirective):
    """``claimlab:schema``: the schema of the envelope around what a lab saw, and where all of it is."""

    def run(self) -> list[nodes.Node]:
        self.env.note_dependency(importlib.import_module(Observation.__module__).__file__ or "")
        shown = json.dumps({kind.__name__: schema()["$defs"][kind.__name__] for kind in ENVELOPE}, indent=1)
        lead = nodes.Text(say("The same as data:") + " ")
        name = FILE.rpartition("/")[2]
        link = nodes.reference("", "", nodes.literal("", name), refuri=name, internal=True)
        return [
            nodes.paragraph("", "", lead, link, translatable=False),
            nodes.literal_block(shown, shown, language="json", translatable=False),
        ]
