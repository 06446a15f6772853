"""The navigation is shared by pages that it does not name, and by no others."""

import re

from tests.toy_project import Built, Project

pytest_plugins = ["tests.toy_project"]


def navigation(built: Built, page: str) -> str:
    whole = built.page(page)
    return whole[whole.index('<div class="sidebar-tree">') : whole.index("<article")]


def links(text: str) -> list[str]:
    return re.findall(r'class="reference internal" href="([^"]+)"', text)


def test_pages_of_claims_have_the_whole_navigation(project: Project) -> None:
    project.put_all()
    built = project.build()
    first, second = (navigation(built, f"claims/9.1-{letter}") for letter in "ab")
    assert links(first) == links(second)
    assert "../releases/1.24.html" in links(first)
    assert "current-page" not in first


def test_a_page_in_the_navigation_is_marked_in_it_and_links_from_where_it_is(project: Project) -> None:
    project.put_all()
    built = project.build()
    for page, link in (("releases/1.24", "1.23.html"), ("releases/1.25", "1.23.html"), ("plain", "releases/1.23.html")):
        assert navigation(built, page).count("current-page") == 1
        assert link in links(navigation(built, page))
