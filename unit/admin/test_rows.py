"""The rows of a list: what comes from a record or an address is text in them, whatever it holds."""

from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from flask import Flask

from dashboard.admin.kit.alignment import aligned
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
    in_utc = 'datetime="2026-03-05T12:30:15+00:00" title="5 Mar 2026, 12:30:15 UTC"'
    assert [*contents([MOMENT])] == [f"<time {in_utc}>5 Mar 2026</time>"]


def amounts(*values: CellValue) -> list[str]:
    return aligned(values, contents(values))


def test_decimals_of_a_column_are_below_each_other() -> None:
    assert amounts("1.5", "-12", None, "3.25") == [
        '1.5<span class="fill" data-fill="\u2007"></span>',
        '-12<span class="fill" data-fill="\u2008\u2007\u2007"></span>',
        "—",
        "3.25",
    ]


def test_currencies_of_a_column_are_below_each_other() -> None:
    fill = '<span class="fill" data-fill="\u2008\u2007\u2007"></span>'
    assert amounts("1,980 JPY", "24.00 EUR") == [
        f'1,980 {fill}<span class="unit">JPY</span>',
        '24.00 <span class="unit">EUR</span>',
    ]


@pytest.mark.parametrize(
    "values", [("24.00 EUR", "1.50 EUR", None), ("7", "1,000"), ("1 day, 2:00:00", "many"), ()]
)
def test_columns_that_are_aligned_anyway_are_left_alone(values: tuple[CellValue, ...]) -> None:
    assert amounts(*values) == contents(values)


def test_number_with_a_tone_is_aligned_too() -> None:
    low, other = amounts(Badge("4", "warn"), "12.5")
    assert low == '<span class="badge warn">4</span><span class="fill" data-fill="\u2008\u2007"></span>'
    assert other == "12.5"


def test_hostile_unit_stays_text() -> None:
    for html in amounts("1 <b>&amp;", "2.50 EUR"):
        assert set(Seen(html).tags) <= {"span"}
