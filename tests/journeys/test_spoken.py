"""What a screen reader is told: names and roles as the browser's accessibility tree has them, beside what is seen."""

import re

import pytest

pytestmark = pytest.mark.browser

# What is closed is told to nobody.
OPEN = "() => document.querySelectorAll('details').forEach((details) => { details.open = true; })"
FACETS = """() => [...document.querySelectorAll('.filters__group')].map((group) => [
    group.querySelector('legend').textContent,
    [...group.querySelectorAll('label')].map((label) => label.textContent.replace(/\\s+/g, ' ').trim()),
])"""
# Of each row of the table: whose it is, the State's name, and what is told of its visits in English.
STATES = """() => [...document.querySelectorAll('table tbody tr')].map((row) => [
    row.querySelector('a').pathname.split('/').at(-2).toUpperCase(), row.cells[0].innerText.trim(),
    row.cells[2].innerText.match(/^\\d+/)?.[0] ?? '0',
])"""


class Tree:
    """The accessibility tree of a page: nodes that are told, by role, with their names."""

    def __init__(self, page):
        session = page.context.new_cdp_session(page)
        self.nodes = {node["nodeId"]: node for node in session.send("Accessibility.getFullAXTree")["nodes"]}

    def named(self, role: str, inside: str = "") -> list[str]:
        """The names of this role in the order of the page; `inside`: only those within a node of this name."""
        return [
            self.name(node)
            for node in self.nodes.values()
            if self.role(node) == role and (not inside or inside in map(self.name, self.above(node)))
        ]

    def above(self, node):
        while node := self.nodes.get(node.get("parentId")):
            yield node

    @staticmethod
    def name(node) -> str:
        return " ".join(node.get("name", {}).get("value", "").split())

    @staticmethod
    def role(node) -> str:
        return "" if node["ignored"] else node["role"]["value"]


@pytest.fixture
def tree(page_of):
    def read(address) -> tuple:
        page = page_of()
        page.goto(address)
        page.evaluate(OPEN)
        return page, Tree(page)

    return read


@pytest.mark.parametrize("address", ["/visits/", "/ar/visits/", "/zh-hans/findings/"])
def test_every_facet_is_a_group_of_boxes_named_with_what_they_would_leave(tree, address):
    page, told = tree(address)
    seen = page.evaluate(FACETS)

    assert len(seen) >= 9
    for group, labels in seen:
        assert told.named("checkbox", inside=group) == labels
        assert all(re.search(r"\w.* \(\d+\)$", label) for label in labels)


def test_a_chip_says_what_following_it_takes_away(tree):
    _page, told = tree("/visits/?q=denmark&topic=border-management")

    assert set(told.named("link", inside="Filtered by")) == {
        "Remove filter: Search denmark",
        "Remove filter: Topic Border management",
    }


@pytest.mark.parametrize("language", ["", "/ar"])
def test_every_tile_is_a_link_named_by_its_state_and_the_number_of_its_visits(tree, language):
    page, _told = tree("/countries/")
    visits = {code: number for code, _name, number in page.evaluate(STATES)}
    page, told = tree(f"{language}/countries/")
    # The links of the table have the name alone.
    tiles = [name for name in told.named("link") if re.match(r"[A-Z]{3}\b", name)]

    assert sorted(tiles) == sorted(f"{code} {visits[code]} {name}" for code, name, _number in page.evaluate(STATES))
    assert len(tiles) == 195


def test_every_source_says_what_it_is_the_source_of(tree):
    page, told = tree("/visits/denmark-2018/")
    sources = [name for name in told.named("DisclosureTriangle") if name.startswith("Source")]

    assert len(sources) == page.locator("details.source").count() > 10
    assert all(re.fullmatch(r"Source: .+", name) for name in sources)


@pytest.mark.parametrize("address", ["/", "/visits/", "/visits/denmark-2018/", "/ar/statistics/"])
def test_the_parts_of_a_page_can_be_told_apart(tree, address):
    _page, told = tree(address)

    assert [len(told.named(role)) for role in ("banner", "main", "contentinfo", "search")] == [1, 1, 1, 1]
    for role in ("navigation", "region"):
        names = told.named(role)
        assert all(names)
        assert len(set(names)) == len(names)
