"""The rows of a list: what comes from a record or an address is text in them, whatever it holds."""

from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from flask import Flask

from dashboard.admin.kit.rows import RowMarkup, contents
from dashboard.admin.kit.urls import ScreenUrls
from dashboard.admin.screens.products import ProductView
from dashboard.listing.columns import Badge, CellValue
from dashboard.listing.page import ListRow

HOSTILE = "\"'><b onclick=x>&amp;<!--"
MOMENT = datetime(2026, 3, 5, 12, 30, 15, 99, tzinfo=UTC)
VALUES: tuple[CellValue, ...] = (HOSTILE, HOSTILE, None, HOSTILE, "7", Badge(HOSTILE, HOSTILE), MOMENT)


class Seen(HTMLParser):
    """The elements, attributes and texts of a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.texts: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)


def shown(app: Flask, *, may: bool = True, locked: frozenset[int] = frozenset(), title: str = "Lamp") -> Seen:
    """How a product is shown in a list whose address is hostile too."""
    columns = ProductView.listing.chosen(ProductView.listing.usual_columns)
    urls = ScreenUrls("products", suffix=f"&next={HOSTILE}")
    markup = RowMarkup(columns, urls, may, may, may, locked)
    with app.test_request_context():
        return Seen(markup.html([ListRow(3, title, VALUES)]))


def test_whatever_a_record_holds_is_text(app: Flask) -> None:
    seen = shown(app, title=HOSTILE)
    assert set(seen.tags) == {"tr", "td", "th", "input", "a", "span", "time", "details", "summary"}
    assert not [name for name, _ in seen.attributes if name.startswith("on")]
    assert seen.texts.count(HOSTILE) == 4
    assert ("aria-label", f"Delete {HOSTILE}") in seen.attributes
    assert ("class", f"badge {HOSTILE}") in seen.attributes
    assert ("href", f"/admin/products/edit/?id=3&next={HOSTILE}") in seen.attributes


@pytest.mark.parametrize(
    ("may", "locked", "tags"),
    [(True, frozenset({9}), {"input", "a"}), (True, frozenset({3}), {"a"}), (False, frozenset(), {"a"})],
)
def test_a_row_offers_what_can_be_done_with_it(
    app: Flask, may: bool, locked: frozenset[int], tags: set[str]
) -> None:
    seen = shown(app, may=may, locked=locked)
    assert {"input", "a"} & {*seen.tags} == tags
    assert ("Edit" in seen.texts) == (may and 3 not in locked)
    assert (("class", "pick") in seen.attributes) == may


def test_a_cell_without_a_value_says_so_and_a_moment_is_its_month() -> None:
    assert [*contents([None])] == ["—"]
    assert [*contents([MOMENT])] == ['<time datetime="2026-03-05T12:30:15+00:00">5 Mar 2026</time>']
