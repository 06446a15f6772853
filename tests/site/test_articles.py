"""Several articles and languages on one site: two that use the same ids, one in English and one in French."""

import csv
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import tomlkit
from bs4 import BeautifulSoup
from tests.ours import FOR_ALL, write_project
from tests.toy_project import JUDGES, LAB, Built, Project

from claimlab.benches.engine import Engine
from claimlab.trials.lab import LabFolder

ENGLISH = """
[chapter]
title = "Numbers"

[[claim]]
id = "a"
en = "The number `n` is even."
correction = "It is even since 1.24."

[[claim]]
id = "only-here"
en = "Nobody asks this."
"""
FRENCH = """
[chapter]
title = "Les nombres"

[[section]]
id = "1"
title = "Parité"

[[claim]]
id = "a"
section = "1"
fr = "Le nombre `n` est pair."
correction = "Pair depuis la 1.24."

[[claim]]
id = "seulement-ici"
section = "1"
fr = "Un secret le dit."
untestable = "Le secret n'est pas public."
"""
PICTURES = """
from claimlab.pictures import Amount, Amounts, On, Pictures
from claimlab.project.languages import Words

pictures = Pictures()


@pictures.of("a", title=Words(fr="Les nombres"))
def numbers(seen):
    return Amounts(tuple(Amount(Words(fr="un nombre"), one.number, On((name,))) for name, one in seen.items()), "n")
"""
INDEX = """# Two

```{claimlab:counts}
```

```{claimlab:surprises}
```

```{claimlab:timeline}
```

```{claimlab:matrix}
```

```{toctree}
:glob:

articles/*
chapters/**
releases/*
claims/**
labs/*
plain
ledger
labs
```
"""
PLAIN = """# Plain

See {claimlab:claim}`notes:a`, {claimlab:claim}`fr-notes:a` and {claimlab:claim}`only-here`.

```{claimlab:claim} fr-notes:a
```
"""
FRENCH_WORDS = re.compile("Le nombre|est pair|Un secret|Pair depuis|pas public|Les nombres|Parité|Carnet")
NOT_SAID = re.compile(r'<p class="cl-other"[^>]*>\s*</p>|<h\d[^>]*>\s*</h\d>|<li>\s*</li>|\bNone\b')


@dataclass
class TwoArticles(Project):
    """The French article's lab is the one whose observations are put; the English one's is put with it."""

    def __post_init__(self) -> None:
        self.write("index", INDEX)
        self.write("plain", PLAIN)
        self.write("ledger", "# Ledger\n\n```{claimlab:ledger}\n```\n")
        self.write("labs", "# Labs\n\n```{claimlab:labs}\n```\n")


def write_article(folder: Path, language: str, claims: str, **settings: object) -> None:
    folder.mkdir(parents=True)
    whole = {"title": {"en": "Notes", "fr": "Carnet"}[language], "languages": [language], **settings}
    (folder / "article.toml").write_text(tomlkit.dumps(whole))
    (folder / "claims.toml").write_text(claims)


def write_lab(folder: Path, name: str, **files: str) -> None:
    folder.mkdir()
    asked = "Is it even?" if name == "toy" else "Le nombre est-il pair ?"
    lab = LAB.replace('Lab("toy")', f'Lab("{name}")').replace("Is the toy's number even?", asked)
    sources = {"lab.py": lab, "judges.py": JUDGES.replace("9.1-a", "a"), "main.go": "package main\n", **files}
    for file, text in sources.items():
        (folder / file).write_text(text)


@pytest.fixture
def make_site(tmp_path: Path, make_engine: Callable[..., Engine]) -> Callable[..., TwoArticles]:
    """A project with these pages' languages; its French article comes second, or alone."""

    def make(*languages: str, english: bool = True) -> TwoArticles:
        if english:
            write_article(tmp_path / "notes", "en", ENGLISH, author="Ann", date="2026-01-01")
            write_lab(tmp_path / "notes" / "toy", "toy")
        write_article(tmp_path / "carnet", "fr", FRENCH, name="fr-notes", link="https://example.org/carnet")
        write_lab(tmp_path / "carnet" / "jouet", "jouet", **{"pictures.py": PICTURES})
        project = write_project(tmp_path, ("notes", "carnet") if english else ("carnet",), languages)
        return TwoArticles(tmp_path, LabFolder(tmp_path / "carnet" / "jouet", project), make_engine())

    return make


@pytest.fixture
def two(make_site: Callable[..., TwoArticles]) -> TwoArticles:
    return make_site("en", "fr")


def put(site: TwoArticles) -> None:
    french = site.lab
    for folder in (site.root / "notes" / "toy", french.path):
        if folder.is_dir():
            site.lab = LabFolder(folder, french.project)
            for toolchain in FOR_ALL:
                site.put(toolchain.name, 3 if toolchain.language < "1.24" else 2)
    site.lab = french


def every_page(built: Built) -> dict[str, str]:
    return {str(path.relative_to(built.out)): path.read_text() for path in built.out.rglob("*.html")}


def test_the_first_articles_claims_have_short_addresses_and_the_others_have_their_own(two: TwoArticles) -> None:
    put(two)
    built = two.build()
    assert built.warnings == ""
    pages = set(every_page(built))
    assert {"claims/a.html", "claims/only-here.html", "claims/fr-notes/a.html"} <= pages
    assert {"claims/fr-notes/seulement-ici.html", "chapters/notes.html", "chapters/fr-notes/carnet.html"} <= pages
    assert {"articles/notes.html", "articles/fr-notes.html"} <= pages
    assert "notes:a The number n is even." in built.text("claims/a")
    assert "fr-notes:a Le nombre n est pair." in built.text("claims/fr-notes/a")
    assert "seulement-ici Un secret le dit." in built.text("claims/fr-notes/seulement-ici")


def test_references_name_the_article_where_there_is_doubt(two: TwoArticles) -> None:
    put(two)
    page = two.build().page("plain")
    assert 'href="claims/a.html#claim-a"' in page
    assert 'href="claims/fr-notes/a.html#claim-a"' in page
    assert 'href="claims/only-here.html#claim-only-here"' in page
    two.write("plain", "# Plain\n\n{claimlab:claim}`a`\n")
    assert "there is no claim a" in two.build().warnings


def test_nothing_is_empty_and_what_is_french_on_an_english_page_says_so(two: TwoArticles) -> None:
    put(two)
    found = set()
    for name, page in every_page(two.build()).items():
        article = BeautifulSoup(page, "html.parser").select_one("article")
        assert article is not None
        assert NOT_SAID.findall(str(article)) == [], name
        assert 'lang="zh' not in str(article), name
        for text in article.find_all(string=FRENCH_WORDS):
            words, parent = str(text).strip(), text.parent
            if text.find_parent(["svg", "pre", "title"]) is None:
                lang = parent and (parent if parent.has_attr("lang") else parent.find_parent(lang=True))
                assert lang and lang["lang"] == "fr", (name, words)
                found.add(words)
    assert {"Le nombre", "Un secret le dit.", "Pair depuis la 1.24.", "Le secret n'est pas public."} <= found
    assert {"Les nombres", "Carnet", "Le nombre est-il pair ?"} <= found


def test_the_matrix_has_all_articles_and_its_filter_names_each_chapter(two: TwoArticles) -> None:
    put(two)
    page = two.build().page("index")
    assert re.findall(r'<tbody data-chapter="([^"]+)">', page) == ["notes", "fr-notes/carnet"]
    options = re.findall(
        r'<option value="([^"]+)"[^>]*>', page.partition('name="chapter"')[2].partition("</select>")[0]
    )
    assert options == ["notes", "fr-notes/carnet"]
    assert "4 claims" in page or "of 4 claims tested" in page


def test_the_page_of_an_article_has_its_own_claims_only(two: TwoArticles) -> None:
    put(two)
    built = two.build()
    assert "Ann, 2026-01-01" in built.text("articles/notes")
    assert "est pair" not in built.text("articles/notes")
    assert "https://example.org/carnet" in built.text("articles/fr-notes")
    assert "The number" not in built.text("articles/fr-notes")


def test_the_ledger_is_data_of_both(two: TwoArticles) -> None:
    put(two)
    out = two.build().out
    rows = json.loads((out / "ledger.json").read_text())
    assert [(row["article"], row["id"]) for row in rows] == [
        ("notes", "a"),
        ("notes", "only-here"),
        ("fr-notes", "a"),
        ("fr-notes", "seulement-ici"),
    ]
    with (out / "ledger.csv").open() as opened:
        lines = list(csv.DictReader(opened))
    assert [(line["article"], line["en"], line["fr"]) for line in lines][::2] == [
        ("notes", "The number `n` is even.", ""),
        ("fr-notes", "", "Le nombre `n` est pair."),
    ]
    told = (out / "ledger.md").read_text()
    assert "| **notes:a** The number `n` is even. | version-dependent |" in told
    assert "| **fr-notes:a** Le nombre `n` est pair. | version-dependent |" in told
    assert "## Notes · Numbers" in told
    assert "## 1 Carnet · Parité" in told


def test_french_pages_are_french_where_the_texts_are_and_sphinx_is(two: TwoArticles) -> None:
    put(two)
    built = two.build(language="fr")
    assert built.warnings == ""
    assert '<html class="no-js" lang="fr"' in built.page("index")
    assert 'lang="en"' in built.page("claims/a")
    assert "What it should have said Pair depuis la 1.24." in built.text("claims/fr-notes/a")


def test_a_site_may_be_french_alone(make_site: Callable[..., TwoArticles]) -> None:
    site = make_site("fr", english=False)
    site.write("plain", "# Rien\n")
    put(site)
    built = site.build(language="fr")
    assert built.warnings == ""
    assert "a Le nombre n est pair." in built.text("claims/a")
    text = built.text("claims/a")
    assert "version-dependent fails on 1.21 – 1.23, holds on 1.24 – 1.27" in text
    assert "Les nombres" in text
    assert "un nombre" in built.page("claims/a")
    assert "Every release" not in text
    assert "Recherche" in built.page("index") or "Rechercher" in built.page("index")
