"""A second extension, for the project's own pages alone: its modules, its command line and the record's schema."""

from typing import Any

from sphinx.application import Sphinx

from claimlab.site.reference.api import add_api
from claimlab.site.reference.commands import CommandsDirective
from claimlab.site.reference.schema import SchemaDirective, write_schema


def setup(app: Sphinx) -> dict[str, Any]:
    app.setup_extension("claimlab.site")
    add_api(app)
    app.add_directive_to_domain("claimlab", "commands", CommandsDirective)
    app.add_directive_to_domain("claimlab", "schema", SchemaDirective)
    app.connect("build-finished", write_schema)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
