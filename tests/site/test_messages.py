"""The words of the pages: from what translators edit or from what was compiled, and nothing is written beside them."""

from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import write_po
from sphinx.errors import ExtensionError
from tests.colours_lab import write_lab
from tests.tiny_lab import Checkout

from claimlab.site.messages import LOCALE, catalogue

pytest_plugins = ["tests.tiny_lab"]


def write(locale: Path, said: str, ending: str) -> Path:
    words = Catalog("zh_CN")
    words.add("holds", said)
    path = locale / "zh_CN" / "LC_MESSAGES" / f"claimlab{ending}"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as opened:
        (write_po if ending == ".po" else write_mo)(opened, words)
    return path


@pytest.mark.parametrize("ending", [".po", ".mo"])
def test_either_form_of_a_catalogue_is_read(tmp_path: Path, ending: str) -> None:
    write(tmp_path, "成立", ending)
    assert catalogue("zh_CN", tmp_path).gettext("holds") == "成立"


def test_what_translators_edit_is_read_before_what_was_compiled_from_it(tmp_path: Path) -> None:
    write(tmp_path, "旧", ".mo")
    write(tmp_path, "新", ".po")
    assert catalogue("zh_CN", tmp_path).gettext("holds") == "新"


@pytest.mark.parametrize("language", ["en", "de", ""])
def test_a_language_without_a_catalogue_is_english(language: str) -> None:
    found = catalogue(language)
    assert type(found) is NullTranslations
    assert found.gettext("holds") == "holds"


def test_the_checkout_has_the_form_that_is_edited() -> None:
    assert [path.suffix for path in LOCALE.rglob("claimlab.*") if path.suffix != ".mo"] == [".po"]
    assert catalogue("zh_CN").gettext("holds") != "holds"


def listing(folder: Path) -> dict[str, int]:
    return {str(path.relative_to(folder)): path.stat().st_mtime_ns for path in sorted(folder.rglob("*"))}


def test_chinese_pages_are_built_from_a_package_that_cannot_be_written(checkout: Checkout) -> None:
    """Read-only stops nobody who runs tests as root, so times are compared too."""
    package = checkout.root / "src" / "claimlab"
    for stale in package.rglob("*.mo"):
        stale.unlink()
    folders = [package, *(path for path in package.rglob("*") if path.is_dir())]
    write_lab(checkout.root)
    source = checkout.root / "docs"
    source.mkdir()
    (source / "conf.py").write_text('extensions = ["claimlab.site"]\nhtml_theme = "furo"\n')
    (source / "index.md").write_text("# Hello\n\n```{toctree}\n:glob:\n\nchapters/*\nlabs/*\n```\n")
    for path in folders:
        path.chmod(0o555)
    before = listing(package)
    build = ["-W", "ignore", "-m", "claimlab.site", "-q", "-b", "html", "-D", "language=zh_CN", "docs", "html"]
    try:
        done = checkout.started.finish(checkout.python(*build, PYTHONDONTWRITEBYTECODE="1"))
        assert done.returncode == 0, done.stderr
        assert listing(package) == before
    finally:
        for path in folders:
            path.chmod(0o755)
    assert "未定" in (checkout.root / "html" / "claims" / "1.1-a.html").read_text()


@pytest.fixture
def own_words(checkout: Checkout) -> Checkout:
    """A project with a page and a translation of it."""
    write_lab(checkout.root)
    source = checkout.root / "docs"
    source.mkdir()
    settings = 'extensions = ["claimlab.site"]\nhtml_theme = "furo"\nlocale_dirs = ["locale"]\n'
    (source / "conf.py").write_text(settings)
    (source / "index.md").write_text(
        "# Hello\n\nA sentence of mine.\n\n```{toctree}\n:glob:\n\nchapters/*\nlabs/*\n```\n"
    )
    words = Catalog("zh_CN")
    words.add("A sentence of mine.", "我的一句话。")
    path = source / "locale" / "zh_CN" / "LC_MESSAGES" / "index.po"
    path.parent.mkdir(parents=True)
    with path.open("wb") as opened:
        write_po(opened, words)
    return checkout


def built(checkout: Checkout) -> tuple[int, str, str]:
    """Of the Chinese pages: the exit code, what was said, and the first page."""
    build = ["-W", "ignore", "-m", "claimlab.site", "-q", "-b", "html", "-D", "language=zh_CN", "docs", "html"]
    done = checkout.started.finish(checkout.python(*build))
    page = checkout.root / "html" / "index.html"
    return done.returncode, done.stderr, page.read_text() if page.is_file() else ""


@pytest.mark.parametrize("kept", [0, 0.5, 0.9])
def test_a_compiled_catalogue_that_was_cut_is_made_again(own_words: Checkout, kept: float) -> None:
    assert "我的一句话" in built(own_words)[2]
    compiled = own_words.root / "docs" / "locale" / "zh_CN" / "LC_MESSAGES" / "index.mo"
    whole = compiled.read_bytes()
    compiled.write_bytes(whole[: int(kept * len(whole))])
    (own_words.root / "docs" / "index.md").touch()
    code, said, page = built(own_words)
    assert code == 0, said
    assert "我的一句话" in page
    assert GNUTranslations(BytesIO(compiled.read_bytes())).gettext("A sentence of mine.") == "我的一句话。"


def test_a_damaged_catalogue_that_cannot_be_made_again_stops_the_build(own_words: Checkout) -> None:
    built(own_words)
    compiled = own_words.root / "docs" / "locale" / "zh_CN" / "LC_MESSAGES" / "index.mo"
    compiled.with_suffix(".po").unlink()
    compiled.write_bytes(compiled.read_bytes()[:-9])
    code, said, _ = built(own_words)
    assert code == 2
    assert f"The catalogue {compiled} is damaged" in " ".join(said.split())


def test_words_of_an_installation_that_are_damaged_are_told_of(tmp_path: Path) -> None:
    path = write(tmp_path, "成立", ".mo")
    path.write_bytes(path.read_bytes()[:-2])
    with pytest.raises(ExtensionError, match="is damaged"):
        catalogue("zh_CN", tmp_path)
