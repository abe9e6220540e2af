"""The browser ignores unknown selectors and declarations silently, so these tests look for them."""

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
import tinycss2
from playwright.sync_api import Page

from e2e.pages.login import LoginPage

UNKNOWN = """([selectors, declarations]) => {
    const isKnown = each => { try { document.querySelector(each); return true; } catch { return false; } };
    const lines = declarations.filter(each => !CSS.supports(...each)).map(each => each.join(': '));
    return [...selectors.filter(each => !isKnown(each)), ...lines];
}"""
SHEET = "document.querySelector('link[rel=stylesheet]').href"
FEWEST = 900
"""The least number of declarations; with fewer, the sheet was not read to its end."""


def rules(nodes: Iterable[Any]) -> Iterator[Any]:
    """Yield every rule of a sheet, also those within conditions."""
    for node in nodes:
        if node.type == "qualified-rule":
            yield node
        elif node.at_keyword == "media":
            yield from rules(tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True))


def unknown(page: Page, sheet: str) -> list[str]:
    """Return the selectors and declarations of a sheet that the browser does not know."""
    found = list(rules(tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True)))
    selectors = [tinycss2.serialize(rule.prelude).strip() for rule in found]
    contents = [tinycss2.parse_blocks_contents(rule.content, True, True) for rule in found]
    declarations = [[each.name, tinycss2.serialize(each.value).strip()] for part in contents for each in part]
    assert len(declarations) >= FEWEST
    return list(page.evaluate(UNKNOWN, [selectors, declarations]))


@pytest.fixture
def sheet(page: Page) -> str:
    """The style sheet of a page."""
    LoginPage(page).open()
    return page.request.get(page.evaluate(SHEET)).text()


def test_browser_knows_every_selector_property_and_value(page: Page, sheet: str) -> None:
    assert unknown(page, sheet) == []


@pytest.mark.parametrize(
    ("sound", "faulty", "told"),
    [
        (".muted, .help { color:", ".muted, .help { colour:", "colour: var(--muted)"),
        ("clip-path: inset(50%)", "clip-path: inest(50%)", "clip-path: inest(50%)"),
        ("inset: .5rem auto auto .5rem", "inset: .5rm auto auto .5rem", "inset: .5rm auto auto .5rem"),
        (".skip:not(:focus)", ".skip:not(:focused)", ".skip:not(:focused)"),
    ],
)
def test_slip_in_the_style_sheet_is_noticed(
    page: Page, sheet: str, sound: str, faulty: str, told: str
) -> None:
    assert sound in sheet
    assert told in unknown(page, sheet.replace(sound, faulty, 1))
