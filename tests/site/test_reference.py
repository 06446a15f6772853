"""The reference: of what labs use, of every command, of the record's files; none of it written down twice."""

import ast
import importlib
import json
import re
import shutil
import warnings
from copy import deepcopy
from html import unescape
from io import StringIO
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from sphinx.application import Sphinx
from sphinx.domains.python import PythonDomain
from sphinx.util.docutils import docutils_namespace, patch_docutils
from tests.colours_lab import ReadOnly, write_lab
from tests.ours import OUR, ROOT

from claimlab.cli import namespace
from claimlab.project.outcome import Outcome
from claimlab.site.reference.commands import commands
from claimlab.site.reference.schema import FILE, schema
from claimlab.trials.lab import find_labs
from claimlab.trials.record import Observation


class Site:
    """The reference's own pages, built with the settings of the project's."""

    def __init__(self, root: Path) -> None:
        self.root = root
        docs = root / "docs"
        shutil.copytree(OUR.docs / "reference", docs / "reference")
        # Which the reference leads to.
        others = (
            "extend",
            "your-article",
            "start-a-project",
            "write-a-lab",
            "verdicts",
            "why",
            "claims-as-data",
            "toolchains",
        )
        for name in others:
            shutil.copy(OUR.docs / f"{name}.md", docs)
        (docs / "index.md").write_text("# x\n\n```{toctree}\nreference/index\n" + "\n".join(others) + "\n```\n")
        (docs / "conf.py").write_text(
            (OUR.docs / "conf.py").read_text().replace("parents[1]", f"parents[0] / '{ROOT}'")
        )
        write_lab(root)
        settings: dict[str, Any] = {"claimlab_engine": ReadOnly(OUR)}
        said = StringIO()
        self.out = root / "out"
        with warnings.catch_warnings(), patch_docutils(), docutils_namespace():
            warnings.simplefilter("ignore")
            settings |= {"templates_path": [], "html_css_files": []}
            app = Sphinx(docs, docs, self.out, root / "trees", "html", settings, status=None, warning=said)
            app.build()
        self.warnings = said.getvalue()
        domain = app.env.get_domain("py")
        assert isinstance(domain, PythonDomain)
        self.names = set(domain.objects)

    def text(self, page: str) -> str:
        content = (self.out / "reference" / f"{page}.html").read_text()
        article = content.partition("<article")[2].partition("</article>")[0]
        spaced = re.sub(r"</?(?:dt|dd|dl|p|li|h\d|section|td)\b[^>]*>", " ", article)
        return " ".join(unescape(re.sub(r"<[^>]+>", "", spaced)).split())


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return Site(tmp_path_factory.mktemp("reference"))


def test_every_reference_leads_somewhere(site: Site) -> None:
    assert site.warnings == ""


# Modules


PUBLIC = {
    f"claimlab.{alias.name}": f"claimlab.{node.module}.{alias.name}"
    for node in ast.walk(ast.parse((ROOT / "src" / "claimlab" / "__init__.pyi").read_text()))
    if isinstance(node, ast.ImportFrom)
    for alias in node.names
}


def used_by_labs() -> dict[str, str]:
    """Every name of claimlab that a lab imports, or takes from a module that it imports; and one file that does."""
    found = {}
    for path in sorted(path for path in (ROOT / "labs").rglob("*.py") if "tests" not in path.parts):
        tree = ast.parse(path.read_text())
        modules = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("claimlab"):
                for alias in node.names:
                    full = f"{node.module}.{alias.name}"
                    named = getattr(importlib.import_module(node.module or ""), alias.name, None)
                    if named is None or isinstance(named, ModuleType):
                        modules[alias.asname or alias.name] = full
                    else:
                        found[_home(named, full)] = str(path.relative_to(ROOT))
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                module = modules.get(node.value.id, "")
                module = PUBLIC.get(module, module)
                if module and hasattr(importlib.import_module(module), node.attr):
                    found[f"{module}.{node.attr}"] = str(path.relative_to(ROOT))
    return found


def _home(named: object, full: str) -> str:
    """Where it is defined, as far as it knows or the public list says, whatever module it was imported from."""
    module = getattr(named, "__module__", "")
    return f"{module}.{full.rpartition('.')[2]}" if module.startswith("claimlab.") else PUBLIC.get(full, full)


def is_words(full: str) -> bool:
    """The name stands for a choice of words, which the reference spells out wherever it is used."""
    module, _, name = full.rpartition(".")
    source = (ROOT / "src" / Path(*module.split("."))).with_suffix(".py")
    return source.is_file() and re.search(rf"^{name} = Literal\[", source.read_text(), re.MULTILINE) is not None


def test_what_labs_use_is_in_the_reference(site: Site) -> None:
    used = used_by_labs()
    assert "claimlab.instruments.gdb.session" in used
    lost = {full: where for full, where in used.items() if full not in site.names and not is_words(full)}
    assert lost == {}, "add them to docs/reference"


def test_every_instrument_is_in_the_reference(site: Site) -> None:
    instruments = {path.stem for path in (ROOT / "src" / "claimlab" / "instruments").glob("*.py")} - {"__init__"}
    assert {name.split(".")[2] for name in site.names if name.startswith("claimlab.instruments.")} >= instruments


def test_fields_stand_in_their_classs_signature_and_have_an_entry_where_there_are_words(site: Site) -> None:
    text = site.text("instruments")
    assert "class Watch(label: str, address: str," in text
    assert "address: str¶ A gdb expression, evaluated where the step begins" in text
    assert "kind: Literal['struct', 'array', 'pointer', " in site.text("instruments-binaries")
    assert "pokes: list[Poke] = ..." in text
    assert {"claimlab.instruments.gdb.Watch", "claimlab.instruments.gdb.Watch.address"} <= site.names


def test_every_outcome_is_named(site: Site) -> None:
    assert {f"claimlab.project.outcome.Outcome.{one.name}" for one in Outcome} <= site.names


def test_methods_have_entries_of_their_own(site: Site) -> None:
    assert {"claimlab.trials.lab.Lab.observe", "claimlab.instruments.processes.Tally.count"} <= site.names


def test_a_bare_name_in_a_docstring_leads_to_what_it_names(site: Site) -> None:
    page = (site.out / "reference" / "labs.html").read_text()
    assert re.search(r'href="#claimlab\.project\.errors\.LabBroken"[^>]*><code[^>]*><span[^>]*>LabBroken', page)


# Commands


def test_every_command_is_there_with_its_options_and_what_they_are_for(site: Site) -> None:
    text = site.text("commands")
    for context in deepcopy(namespace(site.root)).to_contexts():
        name = context.name or ""
        assert name in text
        if not name.startswith("lab.") or name == "lab.new":
            for spelled, said in context.help_tuples():
                assert f"{spelled} {' '.join((said or '').split())}" in text, name


def test_all_labs_are_one_command() -> None:
    found = {command.name: command for command in commands(namespace(ROOT))}
    assert {"lab.NAME", "lab.new", "docs", "images.build", "test", "check", "bench"} <= set(found)
    names = {name for name, _ in found["lab.NAME"].stands_for}
    assert {f"lab.{lab.name}" for lab in find_labs(OUR)} | {"lab.all", "lab.chapter-2"} <= names
    assert not [name for name in found if name in names]
    assert any("claimlab lab.NAME --go 1.24" in paragraph for paragraph in found["lab.NAME"].more)
    assert next(iter(found)) == "lab.NAME"


def test_commands_can_be_copied(site: Site) -> None:
    page = (site.out / "reference" / "commands.html").read_text()
    listings = re.findall(r'<div class="highlight-console.*?</pre>', page, re.DOTALL)
    assert "$ claimlab toolchains.add 1.27.2" in "".join(re.sub(r"<[^>]+>", "", unescape(one)) for one in listings)


# The record's schema


def conforms(value: Any, rule: dict[str, Any], rules: dict[str, Any]) -> bool:
    """As far as our types go: names, what is required, choices, and plain types."""
    if "$ref" in rule:
        return conforms(value, rules[rule["$ref"].rpartition("/")[2]], rules)
    if "anyOf" in rule:
        return any(conforms(value, one, rules) for one in rule["anyOf"])
    if "enum" in rule:
        return value in rule["enum"]
    if rule.get("type") == "object":
        known = rule.get("properties", {})
        extra = rule.get("additionalProperties", True)
        return (
            isinstance(value, dict)
            and set(rule.get("required", ())) <= set(value)
            and all(conforms(one, known[name], rules) for name, one in value.items() if name in known)
            and all(
                extra is True or (extra and conforms(value[name], extra, rules)) for name in set(value) - set(known)
            )
        )
    if rule.get("type") == "array":
        return isinstance(value, list) and all(conforms(one, rule["items"], rules) for one in value)
    kinds: dict[str, Any] = {"string": str, "integer": int, "number": (int, float), "boolean": bool, "null": type(None)}
    return "type" not in rule or isinstance(value, kinds[rule["type"]])


RECORDED = sorted((ROOT / "labs" / "maps" / "ch2_native_map" / "gdb_panic" / "tests" / "observations").glob("*.json"))


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_real_observations_conform_to_the_schema(path: Path) -> None:
    rules = schema()["$defs"]
    observation = json.loads(path.read_text())
    assert conforms(observation, {"$ref": schema()["$ref"]}, rules)
    for session in (found for found in observation["seen"].values() if isinstance(found, dict) and "gdb" in found):
        assert conforms(session, {"$ref": "#/$defs/Session"}, rules)
    for name in Observation.__struct_fields__:
        assert not conforms(
            {key: value for key, value in observation.items() if key != name}, rules["Observation"], rules
        )
    assert not conforms({**observation, "more": 1}, rules["Observation"], rules)


def test_every_reference_of_the_schema_is_in_it() -> None:
    text = json.dumps(schema())
    assert set(re.findall(r'"#/\$defs/([^"]+)"', text)) <= set(schema()["$defs"])
    assert {"Session", "Tally", "Diagnostic", "TypeLayout", "Timing"} <= set(schema()["$defs"])


def test_every_type_has_a_name_of_its_own() -> None:
    """msgspec would put modules before the names of two that share one."""
    assert [name for name in schema()["$defs"] if "." in name] == []


def test_fields_words_are_in_the_schema() -> None:
    assert schema()["$defs"]["Provenance"]["properties"]["measured_at"]["description"] == "UTC, ISO 8601."


def test_the_schema_can_be_downloaded(site: Site) -> None:
    assert json.loads((site.out / FILE).read_text()) == schema()
    assert f'href="{Path(FILE).name}"' in (site.out / "reference" / "record.html").read_text()
