"""The shapes that machine text has on pages: all of it is escaped, and none needs a script."""

from markupsafe import Markup
from tests.shown_html import parsed

from claimlab.site.html import cell, command, element, fold, heading, link, listing, row, table, tabs, unsearched

EVIL = '<a href="x">&\''


def test_whatever_is_not_markup_is_escaped() -> None:
    made = [
        element("p", EVIL, classes=EVIL, aria_label=EVIL),
        listing(EVIL, EVIL),
        command(EVIL),
        fold(EVIL, Markup("")),
        link("x", EVIL),
        tabs("here", [(EVIL, Markup(""))], 0),
        table(EVIL, [EVIL], [heading(EVIL, 1), row(EVIL, [cell(EVIL), cell((EVIL, EVIL))])]),
    ]
    for one in made:
        soup = parsed(one)
        assert EVIL in soup.get_text()
        assert len(soup.find_all("a")) == ("</a>" in one)
        assert all(tag["aria-label"] == EVIL for tag in soup.select("[aria-label]"))


def test_markup_stays_as_it_is() -> None:
    assert element("p", Markup("<b>b</b>"), "<") == "<p><b>b</b>&lt;</p>"
    assert cell(Markup("<b>b</b>"), 2) == '<td colspan="2"><b>b</b></td>'


def test_long_lines_may_break_and_so_may_the_names_of_toolchains() -> None:
    assert cell("x" * 40) == f"<td>{'x' * 40}</td>"
    assert cell(("a", "x" * 41)) == f'<td class="cl-long">a<br>{"x" * 41}</td>'
    assert "1.24.11<wbr>+noswissmap" in table("t", ["1.24.11+noswissmap"], [])


def test_what_scrolls_has_a_name_and_can_be_reached_by_keyboard() -> None:
    for shown in (listing("text", "What is in it"), table("What is in it", ["a"], [])):
        box = parsed(shown).find(class_="cl-scroll")
        assert box is not None
        assert (box["role"], box["aria-label"], box["tabindex"]) == ("region", "What is in it", "0")


def test_folds_are_closed_unless_they_are_opened() -> None:
    assert "<details open" not in fold("a", Markup("b"))
    assert '<details class="cl-fold" open><summary>a</summary>' in fold("a", Markup("b"), opened=True)


def test_machine_text_is_no_matter_for_the_search() -> None:
    assert unsearched(Markup("<p>0xc000012168</p>"))["classes"] == ["no-search"]
